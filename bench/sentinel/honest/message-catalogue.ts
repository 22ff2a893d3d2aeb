import { readFileSync } from 'node:fs';

const magic = 0x950412de;

/** The messages of a compiled catalogue of gettext (`.mo`), originals and translations; the header is left out. */
export function messageCatalogue(path: string): string[] {
  const bytes = readFileSync(path);
  if (bytes.length < 28 || bytes.readUInt32LE(0) !== magic) return [];
  const count = bytes.readUInt32LE(8);
  const out: string[] = [];
  for (const table of [bytes.readUInt32LE(12), bytes.readUInt32LE(16)]) {
    for (let at = 1; at < count; at += 1) {
      const length = bytes.readUInt32LE(table + at * 8);
      const from = bytes.readUInt32LE(table + at * 8 + 4);
      const text = bytes.toString('utf8', from, from + length);
      // A context stands before \4, plural forms behind \0.
      out.push(...text.slice(text.indexOf('\u0004') + 1).split('\0'));
    }
  }
  return out;
}
