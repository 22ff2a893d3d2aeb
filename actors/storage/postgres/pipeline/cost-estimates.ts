const mostEstimates = 500;
const keptMs = 60_000;

interface Estimate {
  readonly cost: number;
  /** Of `performance.now()`. */
  readonly until: number;
}

/** What PostgreSQL estimated statement shapes to cost, for a minute each: tables grow and statistics change. */
export class CostEstimates {
  readonly #estimates = new Map<string, Estimate>();

  /** @param now of `performance.now()` */
  find(shape: string | undefined, now: number): number | undefined {
    const found = shape === undefined ? undefined : this.#estimates.get(shape);
    return found === undefined || found.until < now ? undefined : found.cost;
  }

  note(shape: string | undefined, cost: number, now: number): void {
    if (shape === undefined) return;
    this.#estimates.delete(shape);
    if (this.#estimates.size >= mostEstimates) {
      const [oldest] = this.#estimates.keys();
      this.#estimates.delete(oldest as string);
    }
    this.#estimates.set(shape, { cost, until: now + keptMs });
  }
}
