const slowMs = 50;
const fastAgainMs = 25;
const weight = 0.3;

/**
 * Which statement shapes take long, by a moving average of the time each had the server for itself. What proved
 * slow is kept off the pipelined connections, where it would hold up everything behind it.
 */
export class SlowShapes {
  readonly #limit: number;
  readonly #average = new Map<string, number>();
  readonly #slow = new Set<string>();

  /** @param limit shapes remembered; the oldest is forgotten first */
  constructor(limit = 2000) {
    this.#limit = limit;
  }

  isSlow(shape: string | undefined): boolean {
    return this.#slow.size > 0 && shape !== undefined && this.#slow.has(shape);
  }

  /** Counts one run. Most shapes are fast and cost one comparison. */
  note(shape: string | undefined, ms: number): void {
    if (shape === undefined || (ms < fastAgainMs && !this.#average.has(shape))) return;
    const before = this.#average.get(shape);
    const average = before === undefined ? ms : before + weight * (ms - before);
    if (before === undefined && this.#average.size >= this.#limit) {
      const [oldest] = this.#average.keys();
      this.#forget(oldest as string);
    }
    this.#average.set(shape, average);
    if (average > slowMs) this.#slow.add(shape);
    else if (average < fastAgainMs) this.#forget(shape);
  }

  #forget(shape: string): void {
    this.#average.delete(shape);
    this.#slow.delete(shape);
  }
}
