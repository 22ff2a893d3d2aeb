interface Bucket {
  tokens: number;
  /** When the tokens were counted, milliseconds of a monotonic clock. */
  at: number;
}

/**
 * Token buckets of callers whose requests look a little like attacks. Two generations bound the memory; a caller who is
 * forgotten begins with a full bucket, which takes as many other callers as a generation holds.
 */
export class ThrottleBook {
  private young = new Map<string, Bucket>();
  private old = new Map<string, Bucket>();
  private readonly generation: number;

  /** @param generation callers per generation; at most twice as many are kept */
  constructor(generation = 4096) {
    this.generation = generation;
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  /**
   * Takes a token of this caller.
   * @param perMinute as many at once, and so many come back in a minute
   * @param now milliseconds of a monotonic clock
   * @returns seconds until there is one again; nothing when there was one
   */
  take(caller: string, perMinute: number, now: number): number | undefined {
    if (perMinute <= 0) return 60;
    const bucket = this.find(caller, perMinute, now);
    bucket.tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.at) * perMinute) / 60_000);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return undefined;
    }
    return Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / perMinute));
  }

  private find(caller: string, perMinute: number, now: number): Bucket {
    const young = this.young.get(caller);
    if (young !== undefined) return young;
    const bucket = this.old.get(caller) ?? { tokens: perMinute, at: now };
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(caller, bucket);
    return bucket;
  }
}
