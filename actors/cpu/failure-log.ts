import type { Logger } from '../../runtime/telemetry/logger.ts';

const linesPerSecond = 20;

/**
 * Logs failed requests, at most 20 a second: when the database is away every request fails, and writing that down
 * each time would make the outage worse. What is left out is counted.
 */
export class FailureLog {
  readonly #log: Logger;
  #second = 0;
  #lines = 0;
  #leftOut = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param now milliseconds since the epoch */
  error(facts: object, message: string, now: number): void {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      if (this.#leftOut > 0)
        this.#log.error({ requests: this.#leftOut }, 'more failed requests were not logged');
      this.#second = second;
      this.#lines = 0;
      this.#leftOut = 0;
    }
    if (this.#lines < linesPerSecond) {
      this.#lines++;
      this.#log.error(facts, message);
    } else {
      this.#leftOut++;
    }
  }
}
