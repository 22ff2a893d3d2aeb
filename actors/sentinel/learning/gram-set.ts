import { buckets, tokenBuckets, trigramBuckets } from './feature-layout.ts';

/** Tokens of the longest n-gram. */
export const longestGram = 4;

/** The set of hashed n-grams of one window; used again for each, without allocating. */
export class GramSet {
  private readonly stamps = new Uint32Array(buckets);
  private stamp = 0;
  private readonly found = new Int32Array(buckets);
  private count = 0;

  clear(): void {
    this.stamp += 1;
    if (this.stamp === 0xffff_ffff) {
      this.stamps.fill(0);
      this.stamp = 1;
    }
    this.count = 0;
  }

  /**
   * Adds the 1- to 4-grams of a row of tokens.
   * @param salt tells two readings of the same text apart
   */
  addTokens(tokens: Uint8Array, count: number, salt: number): void {
    for (let from = 0; from < count; from += 1) {
      let hash = (0x811c_9dc5 ^ salt) | 0;
      const end = Math.min(count, from + longestGram);
      for (let at = from; at < end; at += 1) {
        hash = Math.imul(hash ^ (tokens[at]! + 1), 0x0100_0193);
        hash ^= hash >>> 15;
        this.add(mix(hash) & (tokenBuckets - 1));
      }
    }
  }

  /** Adds the trigrams of characters, folded to what matters: lower case, any digit, any blank, any foreign letter. */
  addTrigrams(units: Uint16Array, from: number, to: number, begins: boolean, ends: boolean): void {
    let first = 0;
    let second = begins ? 1 : 0;
    for (let at = from; at < to; at += 1) {
      const third = foldedCharacter(units[at]!);
      if (third === second && third === first) continue;
      if (second !== 0) this.addTrigram(first, second, third);
      first = second;
      second = third;
    }
    if (ends) this.addTrigram(first, second, 2);
  }

  /** The buckets, in ascending order: sums of floats must not depend on how they were found. */
  toIndices(): Int32Array {
    return this.found.slice(0, this.count).sort();
  }

  private addTrigram(first: number, second: number, third: number): void {
    this.add(trigramBucket(first, second, third));
  }

  private add(bucket: number): void {
    if (this.stamps[bucket] === this.stamp) return;
    this.stamps[bucket] = this.stamp;
    this.found[this.count] = bucket;
    this.count += 1;
  }
}

/** Bucket of the n-gram `tokens[from, to)`. */
export function gramBucket(tokens: Uint8Array, from: number, to: number, salt: number): number {
  let hash = (0x811c_9dc5 ^ salt) | 0;
  for (let at = from; at < to; at += 1) {
    hash = Math.imul(hash ^ (tokens[at]! + 1), 0x0100_0193);
    hash ^= hash >>> 15;
  }
  return mix(hash) & (tokenBuckets - 1);
}

/** Bucket of three folded characters. */
export function trigramBucket(first: number, second: number, third: number): number {
  const hash = Math.imul((first << 14) ^ (second << 7) ^ third, 0x9e37_79b1);
  return tokenBuckets + (mix(hash) & (trigramBuckets - 1));
}

function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return mixed ^ (mixed >>> 13);
}

function foldedCharacter(code: number): number {
  if (code >= 128) return 3;
  if (code <= 32) return 32;
  if (code >= 48 && code <= 57) return 48;
  return code >= 65 && code <= 90 ? code + 32 : code;
}
