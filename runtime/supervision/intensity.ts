/** What the count needs of the child that failed. */
export interface Failing {
  /** Milliseconds it was down after earlier failures. */
  readonly downMs: number;
  /** When it failed, until it is back. */
  readonly failedAt: number | undefined;
  /** Failures in a row after none of which it stayed up, this one included. */
  readonly unrecovered: number;
}

export interface IntensityOptions {
  /** Restarts allowed within the period; default 5. */
  readonly restarts?: number;
  /** Milliseconds; default 10,000. */
  readonly periodMs?: number;
  /** Restarts allowed in a row after none of which the child stayed up for reset-after; default 4 × restarts. */
  readonly unrecovered?: number;
}

interface Failure {
  readonly child: Failing;
  readonly at: number;
  readonly downMs: number;
}

/**
 * Counts restarts in a sliding period (`intensity` and `period` of OTP's supervisor), with one difference: the time
 * in which the child was down does not pass. Else a loop whose starts hang, or whose backoff has grown, would
 * slide out of any period and never end.
 */
export class Intensity {
  readonly #restarts: number;
  readonly #period: number;
  readonly #unrecovered: number;
  #failures: Failure[] = [];

  constructor(options: IntensityOptions = {}) {
    this.#restarts = options.restarts ?? 5;
    this.#period = options.periodMs ?? 10_000;
    this.#unrecovered = options.unrecovered ?? 4 * this.#restarts;
  }

  /**
   * A child has failed and would be restarted.
   * @param now milliseconds
   * @returns why this restart is one too many, or undefined
   */
  exceeded(child: Failing, now: number): string | undefined {
    this.#failures = this.#failures.filter(({ child: other, at, downMs }) => {
      const up = now - at - (down(other, now) - downMs);
      return up < this.#period;
    });
    this.#failures.push({ child, at: now, downMs: down(child, now) });
    if (this.#failures.length > this.#restarts) {
      return `more than ${this.#restarts} restarts in ${this.#period / 1000} s`;
    }
    if (child.unrecovered > this.#unrecovered) {
      return `more than ${this.#unrecovered} restarts in a row without recovering`;
    }
    return undefined;
  }

  reset(): void {
    this.#failures = [];
  }
}

function down(child: Failing, now: number): number {
  return child.downMs + (child.failedAt === undefined ? 0 : now - child.failedAt);
}
