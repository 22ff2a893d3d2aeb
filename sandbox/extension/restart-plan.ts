const mostRestarts = 5;
const periodMs = 60_000;
const firstDelayMs = 100;
const longestDelayMs = 10_000;

/** What follows an end that the extension brought upon itself. */
export type NextStart =
  | { readonly kind: 'restart' }
  | { readonly kind: 'quarantine'; readonly reason: string };

/** Restarts of one extension: the first at once, then with delays that double, at most five in a minute. */
export class RestartPlan {
  #ends: number[] = [];
  #next = 0;

  /**
   * Milliseconds until it may start.
   * @param now milliseconds
   */
  wait(now: number): number {
    const left = this.#next - now;
    return left > longestDelayMs ? 0 : Math.max(0, left);
  }

  /** @param now milliseconds, when it ended or failed to start */
  next(now: number): NextStart {
    // What lies ahead was noted before the clock was set back.
    this.#ends = this.#ends.filter((at) => Math.abs(now - at) < periodMs);
    this.#ends.push(now);
    const count = this.#ends.length;
    if (count > mostRestarts) {
      return { kind: 'quarantine', reason: `more than ${mostRestarts} restarts in ${periodMs / 1000} s` };
    }
    const delayMs = count === 1 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (count - 2));
    this.#next = now + delayMs;
    return { kind: 'restart' };
  }

  reset(): void {
    this.#ends = [];
    this.#next = 0;
  }
}
