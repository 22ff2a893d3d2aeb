import type { ReplicaFacts, ShadowFigures } from '../../../runtime/protocol/sentinel.protocol.ts';

/** What the version in shadow mode would have done otherwise, since it began; anew with each version. */
export class ShadowTally {
  #figures: ShadowFigures | null;

  constructor(figures: ShadowFigures | null = null) {
    this.#figures = figures;
  }

  get figures(): ShadowFigures | null {
    return this.#figures;
  }

  /**
   * @param version that is judged beside the active one; null for none
   * @param now milliseconds since the epoch
   */
  follow(version: string | null, now: number): void {
    if (version === (this.#figures?.version ?? null)) return;
    const since = new Date(now).toISOString();
    this.#figures = version === null ? null : { version, since, values: 0, differences: {} };
  }

  /** Counts of a replica; those of another version came late and are dropped. @returns whether they count */
  add(shadow: NonNullable<ReplicaFacts['shadow']>): boolean {
    if (this.#figures?.version !== shadow.version) return false;
    const differences = { ...this.#figures.differences };
    for (const [pair, values] of Object.entries(shadow.differences)) {
      differences[pair] = (differences[pair] ?? 0) + values;
    }
    this.#figures = { ...this.#figures, values: this.#figures.values + shadow.values, differences };
    return true;
  }
}
