import { gramBucket, longestGram, trigramBucket } from './gram-set.ts';
import { readableToken } from './readable-token.ts';

/** What the buckets of a window were made of, as a person reads it: `' or 0 = 0`, `characters "uni"`. */
export function nameBuckets(
  tokens: Uint8Array,
  count: number,
  characters: Uint16Array,
  length: number,
): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  // The shortest n-gram of a bucket is named, and n-grams of tokens before those of characters.
  for (let size = 1; size <= longestGram; size += 1) {
    for (let from = 0; from + size <= count; from += 1) {
      const bucket = gramBucket(tokens, from, from + size, 0);
      if (names.has(bucket)) continue;
      names.set(bucket, Array.from(tokens.subarray(from, from + size), readableToken).join(' '));
    }
  }
  let first = 0;
  let second = 1;
  for (let at = 0; at <= length; at += 1) {
    const third = at === length ? 2 : characters[at]!;
    if (third === second && third === first) continue;
    const bucket = trigramBucket(first, second, third);
    if (!names.has(bucket)) names.set(bucket, `characters "${[first, second, third].map(shown).join('')}"`);
    first = second;
    second = third;
  }
  return names;
}

function shown(code: number): string {
  if (code < 3) return '';
  if (code === 3 || (code >= 97 && code <= 122)) return 'a';
  return String.fromCharCode(code);
}
