import type { Action, ReplicaFacts } from '../../../runtime/protocol/sentinel.protocol.ts';

/** Why the models did not judge a value. */
export type UnjudgedReason = 'budget' | 'timeout' | 'queue' | 'worker' | 'model';

/** What a thread could not have judged, and what shadow mode saw, since the owner was told last. */
export class DeskCounts {
  private unjudgedValues: Partial<Record<UnjudgedReason, number>> = {};
  private judgedValues = 0;
  private shadow: { readonly version: string; values: number; differences: Record<string, number> } | null =
    null;

  judged(values: number): void {
    this.judgedValues += values;
  }

  unjudged(reason: UnjudgedReason, values = 1): void {
    this.unjudgedValues[reason] = (this.unjudgedValues[reason] ?? 0) + values;
  }

  /** A value that two versions judged. */
  compared(version: string, active: Action, other: Action): void {
    if (this.shadow?.version !== version) this.shadow = { version, values: 0, differences: {} };
    this.shadow.values += 1;
    if (active === other) return;
    const pair = `${active} → ${other}`;
    this.shadow.differences[pair] = (this.shadow.differences[pair] ?? 0) + 1;
  }

  /** @returns nothing when there is nothing to tell */
  take(replica: string): ReplicaFacts | undefined {
    const { unjudgedValues: unjudged, judgedValues: judged, shadow } = this;
    if (judged === 0 && shadow === null && Object.keys(unjudged).length === 0) return undefined;
    this.unjudgedValues = {};
    this.judgedValues = 0;
    this.shadow = null;
    return { replica, unjudged, judged, shadow };
  }
}
