import type { UnitBuffer } from '../normalise/unit-buffer.ts';
import { kinds, WORD_PART } from '../tokens/kind-of-character.ts';

/** So many equal characters in a row are padding. */
const run = 12;
const kept = 3;
/** So much of one word is read: longer ones are keys, hashes, or padding. */
const longestWord = 32;
/** A closed comment longer than this is padding too. */
const longComment = 48;

/**
 * Shortens, in place, what only fills a value up: runs of one character, long
 * words, and the inside of long block comments.
 */
export function collapseRuns(buffer: UnitBuffer): void {
  const { units, length } = buffer;
  if (length < run) return;
  let write = 0;
  let noMoreEnds = false;
  let word = 0;
  for (let at = 0; at < length; ) {
    const code = units[at]!;
    if (code === 47 && units[at + 1] === 42 && units[at + 2] !== 33 && !noMoreEnds) {
      const end = commentEnd(units, at + 2, length);
      if (end < 0) noMoreEnds = true;
      else if (end - at > longComment && !hasQuote(units, at, end)) {
        units[write++] = 47;
        units[write++] = 42;
        units[write++] = 42;
        units[write++] = 47;
        at = end;
        continue;
      }
    }
    if ((kinds[code]! & WORD_PART) !== 0) {
      word += 1;
      if (word > longestWord) {
        at += 1;
        continue;
      }
    } else word = 0;
    let end = at + 1;
    while (end < length && units[end] === code) end += 1;
    const copies = end - at >= run ? kept : end - at;
    for (let copy = 0; copy < copies; copy += 1) units[write++] = code;
    at = end;
  }
  buffer.end(write);
}

function commentEnd(units: Uint16Array, from: number, length: number): number {
  for (let at = from; at + 1 < length; at += 1) {
    if (units[at] === 42 && units[at + 1] === 47) return at + 2;
  }
  return -1;
}

function hasQuote(units: Uint16Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (units[at] === 39 || units[at] === 34 || units[at] === 96) return true;
  }
  return false;
}
