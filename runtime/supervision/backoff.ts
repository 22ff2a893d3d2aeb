export interface BackoffOptions {
  /** First delay in milliseconds; default 10. */
  readonly baseMs?: number;
  /** Longest delay; default 5,000. */
  readonly maxMs?: number;
  /** An incarnation that lived this long counts as recovered: the next delay is the first again. Default 10,000. */
  readonly resetAfterMs?: number;
  /** 0 to 1; default Math.random. */
  readonly random?: () => number;
}

/** Exponential backoff with jitter: delays double, and half of each is random so that parts do not return in step. */
export class Backoff {
  readonly #base: number;
  readonly #max: number;
  readonly #resetAfter: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor(options: BackoffOptions = {}) {
    this.#base = options.baseMs ?? 10;
    this.#max = options.maxMs ?? 5_000;
    this.#resetAfter = options.resetAfterMs ?? 10_000;
    this.#random = options.random ?? Math.random;
  }

  /**
   * @param livedMs how long the incarnation that just ended was ready; 0 when it never was
   * @returns milliseconds to wait before the next start
   */
  next(livedMs: number): number {
    if (this.recovered(livedMs)) this.#attempt = 0;
    const full = Math.min(this.#max, this.#base * 2 ** this.#attempt);
    this.#attempt += 1;
    return full / 2 + (full / 2) * this.#random();
  }

  /** Did an incarnation that was ready for this long recover? */
  recovered(livedMs: number): boolean {
    return livedMs >= this.#resetAfter;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
