import { Buffer } from 'node:buffer';
import { fileRefusal } from './file-refusal.ts';

/** Files of our own in a guest's folder: half-written ones. */
export const temporaryPrefix = '.mg-';

const mostSegments = 8;
const mostCharacters = 100;
/** What file systems allow. */
const mostBytes = 255;
/** Control characters, separators of any system, and what Windows or a shell reads in its own way. */
const forbidden = /[\u0000-\u001f\u007f-\u009f\\:*?"<>|\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Reads a path below the extension's folder: `reports/2026.csv`. One spelling per file: no empty segment, no dots,
 * Unicode in normal form C.
 * @param value hostile
 * @returns its segments; none for the folder itself, which only `''` names
 * @throws MF673
 */
export function readPath(value: unknown): readonly string[] {
  if (typeof value !== 'string') throw fileRefusal('path', 'A path must be text.');
  if (value === '') return [];
  const segments = value.split('/', mostSegments + 1);
  if (segments.length > mostSegments) {
    throw fileRefusal('path', `A path has at most ${mostSegments} segments.`);
  }
  for (const segment of segments) {
    const why = faultOf(segment);
    if (why !== undefined) throw fileRefusal('path', `A segment of the path ${why}.`);
  }
  return segments;
}

function faultOf(segment: string): string | undefined {
  if (segment === '') return 'is empty; paths begin in the folder of the extension';
  if (segment === '.' || segment === '..') return 'leads elsewhere';
  if (segment.length > mostCharacters || Buffer.byteLength(segment) > mostBytes) {
    return `has more than ${mostCharacters} characters`;
  }
  if (forbidden.test(segment) || !segment.isWellFormed()) return 'has characters that are not allowed';
  if (segment !== segment.normalize('NFC')) return 'is not in Unicode normal form C';
  if (/[. ]$/.test(segment) || segment.startsWith(' ')) return 'begins or ends with a space or dot';
  if (reserved.test(segment) || segment.startsWith(temporaryPrefix)) return 'is a reserved name';
  return undefined;
}
