import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';
import { inspectQuery } from './inspect-query.ts';
import type { ValueScan } from './value-scan.ts';
import { worse } from './worse.ts';

const quote = 34;
const backslash = 92;

const form = /^\s*application\/x-www-form-urlencoded\b/i;
const multipart = /^\s*multipart\/[\w.+-]+\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i;
/** A form that nobody called so: scripts send them as plain text. */
const likeForm = /^[\w.%[\]-]{1,64}=/;
const likeJson = /^[\s\ufeff]*[{[]/;
/** Of the head of a part: longer ones nobody writes. */
const longestHead = 2048;
const nameOfPart = /name\*?=(?:"((?:[^"\\\r\n]|\\.)*)"|([^\s;"]+))/gi;

/**
 * A body that is no JSON of ours, by its values: those of a form, the parts of a multipart body, the strings of what
 * others may read as JSON (with a key twice, for example), else as a whole. Whoever takes such a body reads it by
 * rules of its own.
 * @param type the header Content-Type as received
 */
export function inspectText(scan: ValueScan, body: string, type: string): Finding | undefined {
  if (form.test(type)) return inspectQuery(scan, body, 'body');
  const whole = scan.look(body, 'body');
  if (blocks(whole)) return whole;
  const boundary = multipart.exec(type);
  if (boundary !== null) {
    return worse(whole, inspectParts(scan, body, `--${boundary[1] ?? boundary[2] ?? ''}`));
  }
  if (likeJson.test(body)) return worse(whole, inspectStrings(scan, body));
  return likeForm.test(body) ? worse(whole, inspectQuery(scan, body, 'body')) : whole;
}

function inspectParts(scan: ValueScan, body: string, delimiter: string): Finding | undefined {
  let worst: Finding | undefined;
  for (let from = body.indexOf(delimiter); from >= 0; ) {
    const next = body.indexOf(delimiter, from + delimiter.length);
    worst = worse(worst, inspectPart(scan, body.slice(from + delimiter.length, next < 0 ? undefined : next)));
    if (blocks(worst)) return worst;
    from = next;
  }
  return worst;
}

function inspectPart(scan: ValueScan, part: string): Finding | undefined {
  const gap = /\r?\n\r?\n/.exec(part);
  if (gap === null) return undefined;
  let worst: Finding | undefined;
  for (const [, quoted, bare] of part.slice(0, Math.min(gap.index, longestHead)).matchAll(nameOfPart)) {
    worst = worse(worst, scan.look(quoted ?? bare ?? '', 'body'));
  }
  const ends = part.endsWith('\r\n') ? -2 : part.endsWith('\n') ? -1 : undefined;
  return worse(worst, scan.look(part.slice(gap.index + gap[0].length, ends), 'body'));
}

/** Reads no further than any parser would: each string once, the last one to the end when nothing closes it. */
function inspectStrings(scan: ValueScan, body: string): Finding | undefined {
  let worst: Finding | undefined;
  for (let open = body.indexOf('"'); open >= 0; ) {
    let escapes = false;
    let at = open + 1;
    for (; at < body.length && body.charCodeAt(at) !== quote; at += 1) {
      if (body.charCodeAt(at) !== backslash) continue;
      escapes = true;
      at += 1;
    }
    const inner = body.slice(open + 1, at);
    worst = worse(worst, scan.look(escapes ? unescaped(inner) : inner, 'body'));
    if (blocks(worst)) return worst;
    open = body.indexOf('"', at + 1);
  }
  return worst;
}

function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return inner;
  }
}
