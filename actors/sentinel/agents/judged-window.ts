import type { ReplicaFacts } from '../../../runtime/protocol/sentinel.protocol.ts';

/** What the last minute brought. */
export interface JudgedMinute {
  readonly judged: number;
  /** By reason, without those of the budget. */
  readonly unjudged: Readonly<Record<string, number>>;
  /** Values of requests that were too big: no fault of the agent. */
  readonly overBudget: number;
}

const windowMs = 60_000;

/** Counts of the last minute, summed over all replicas, a second at a time. */
export class JudgedWindow {
  readonly #seconds = new Map<number, { judged: number; readonly unjudged: Map<string, number> }>();

  add({ judged, unjudged }: ReplicaFacts, now: number): void {
    const second = Math.floor(now / 1000);
    let counts = this.#seconds.get(second);
    if (counts === undefined) {
      counts = { judged: 0, unjudged: new Map() };
      this.#seconds.set(second, counts);
      this.#forget(now);
    }
    counts.judged += judged;
    for (const [reason, values] of Object.entries(unjudged)) {
      counts.unjudged.set(reason, (counts.unjudged.get(reason) ?? 0) + values);
    }
  }

  minute(now: number): JudgedMinute {
    this.#forget(now);
    let judged = 0;
    let overBudget = 0;
    const sums: Record<string, number> = {};
    for (const counts of this.#seconds.values()) {
      judged += counts.judged;
      for (const [reason, values] of counts.unjudged) {
        if (reason === 'budget') overBudget += values;
        else if (values > 0) sums[reason] = (sums[reason] ?? 0) + values;
      }
    }
    return { judged, unjudged: sums, overBudget };
  }

  #forget(now: number): void {
    for (const second of this.#seconds.keys()) {
      if (second * 1000 > now - windowMs) return;
      this.#seconds.delete(second);
    }
  }
}
