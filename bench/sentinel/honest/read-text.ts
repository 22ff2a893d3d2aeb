import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const longestFile = 400_000;
const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  para: '¶',
  larr: '←',
  rarr: '→',
};

/**
 * The text of a file, at most its first 400,000 characters: unpacked; HTML and manual pages without their markup.
 * @param raw with it
 */
export function readText(path: string, raw = false): string {
  let bytes: Buffer = readFileSync(path);
  if (path.endsWith('.gz')) bytes = gunzipSync(bytes);
  const name = path.replace(/\.gz$/, '');
  const text = bytes.toString('utf8').slice(0, longestFile);
  if (text.includes('\0')) return '';
  if (raw) return text;
  if (/\.x?html?$/.test(name)) return withoutTags(text);
  return /\/man\//.test(name) ? withoutRoff(text) : text;
}

function withoutTags(html: string): string {
  return html
    .replace(/<(script|style)\b.*?<\/\1>/gs, ' ')
    .replace(/<\/(p|li|h\d|td|tr|div|pre|dt|dd|section)>|<br\b[^>]*>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? all;
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
      return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : all;
    });
}

function withoutRoff(page: string): string {
  return page
    .replace(/^[.'](?:\\"|de|ie|el|if|ds|nr|so|ig|\.).*$/gm, '')
    .replace(/^[.'](?:BR|RB|BI|IB|IR|RI)[ \t]+(.*)$/gm, (_, words: string) =>
      words.replace(/"([^"]*)"|[ \t]+/g, '$1'),
    )
    .replace(/^[.'][A-Za-z]{1,3}(?=\s|$)[ \t]*/gm, '')
    .replace(/\\f(?:\[[^\]]*\]|\(..|.)|\\s[-+]?\d|\\[&|^/,%:]|\\\*\(..|\\m\[[^\]]*\]/g, '')
    .replace(/\\\(aq|\\\[aq\]|\\\(cq/g, "'")
    .replace(/\\\((?:dq|lq|rq)|\\\[(?:dq|lq|rq)\]/g, '"')
    .replace(/\\\((?:em|en|hy)|\\-/g, '-')
    .replace(/\\[e\\]/g, '\\')
    .replace(/\\[ ~0]/g, ' ');
}
