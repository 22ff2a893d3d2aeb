import type { DeadLetter } from './dead-letter.ts';

/** The last messages that reached nobody, oldest first; older ones are only counted. */
export class DeadLetters {
  readonly #limit: number;
  readonly #ring: DeadLetter[] = [];
  readonly #counts = new Map<DeadLetter['reason'], number>();

  /** @param limit letters kept; default 1,000 */
  constructor(limit = 1_000) {
    this.#limit = limit;
  }

  add(letter: DeadLetter): void {
    this.#ring.push(letter);
    if (this.#ring.length > this.#limit) this.#ring.shift();
    this.#counts.set(letter.reason, (this.#counts.get(letter.reason) ?? 0) + 1);
  }

  all(): readonly DeadLetter[] {
    return [...this.#ring];
  }

  /** All since the start, by reason. */
  counts(): ReadonlyMap<DeadLetter['reason'], number> {
    return this.#counts;
  }
}
