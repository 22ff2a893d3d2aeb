export interface IntensityOptions {
  /** Restarts allowed within the period; default 5. */
  readonly restarts?: number;
  /** Milliseconds; default 10,000. */
  readonly periodMs?: number;
}

/** Counts restarts in a sliding period (`intensity` and `period` of OTP's supervisor). */
export class Intensity {
  readonly #restarts: number;
  readonly #period: number;
  #times: number[] = [];

  constructor(options: IntensityOptions = {}) {
    this.#restarts = options.restarts ?? 5;
    this.#period = options.periodMs ?? 10_000;
  }

  /** @param now milliseconds @returns false when this restart is one too many */
  allow(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < this.#period);
    this.#times.push(now);
    return this.#times.length <= this.#restarts;
  }

  reset(): void {
    this.#times = [];
  }

  get description(): string {
    return `${this.#restarts} restarts in ${this.#period / 1000} s`;
  }
}
