import type { Surface, UnsureValue } from '../../../runtime/protocol/sentinel.protocol.ts';
import { suspicion } from './suspicion.ts';

/** What models may read of one request. */
export interface ValueBudget {
  readonly values: number;
  /** UTF-16 code units, which is bytes for nearly all that arrives. */
  readonly bytes: number;
}

/** What is left of a request for the models. */
export interface ChosenValues {
  readonly values: readonly UnsureValue[];
  /** Values over the budget: wholly left out, or cut to their ends. */
  readonly overBudget: number;
}

/** Shorter ends tell nothing. */
const leastEnds = 1024;

const nothing: ChosenValues = Object.freeze({ values: Object.freeze([]), overBudget: 0 });

/**
 * Collects the values of a request that signatures do not settle. As long as they fit the budget that is a list; from
 * then on a heap by suspicion with the least suspicious one on top, so that a request with a hundred thousand strings
 * keeps no more than the budget allows.
 */
export class UnsureValues {
  private readonly budget: ValueBudget;
  private readonly items: UnsureValue[] = [];
  /** Beside the items; empty until there are too many. */
  private readonly ranks: number[] = [];
  private left = 0;
  private bytes = 0;

  constructor(budget: ValueBudget) {
    this.budget = budget;
  }

  /** @param where is only called when the value is kept */
  add(
    surface: Surface,
    text: string,
    signature: { readonly name: string; readonly score: number } | undefined,
    where: () => string,
  ): void {
    const { items, ranks } = this;
    if (items.length < this.budget.values) {
      items.push({ surface, where: where(), text, signature });
      this.bytes += text.length;
      return;
    }
    this.left += 1;
    if (ranks.length === 0) this.rankAll();
    const rank = suspicion(text, signature?.score ?? 0);
    if (rank <= ranks[0]!) return;
    this.bytes += text.length - items[0]!.text.length;
    items[0] = { surface, where: where(), text, signature };
    ranks[0] = rank;
    this.sink(0);
  }

  /** Those that fit, the most suspicious first when not all of them do. */
  choose(): ChosenValues {
    const { items, budget } = this;
    if (items.length === 0) return nothing;
    if (this.left === 0 && this.bytes <= budget.bytes) return { values: items, overBudget: 0 };
    const sorted = items
      .map((item) => ({ item, rank: suspicion(item.text, item.signature?.score ?? 0) }))
      .sort((one, other) => other.rank - one.rank);
    const values: UnsureValue[] = [];
    let overBudget = this.left;
    let free = budget.bytes;
    let tooLong: UnsureValue | undefined;
    for (const { item } of sorted) {
      if (item.text.length <= free) {
        values.push(item);
        free -= item.text.length;
        continue;
      }
      overBudget += 1;
      tooLong ??= item;
    }
    // A short value beside it must not keep a long one from being judged at all.
    if (tooLong !== undefined && (values.length === 0 || free >= leastEnds)) {
      values.push({ ...tooLong, text: bothEnds(tooLong.text, free) });
    }
    return { values, overBudget };
  }

  private rankAll(): void {
    for (const { text, signature } of this.items) this.ranks.push(suspicion(text, signature?.score ?? 0));
    for (let at = (this.ranks.length >> 1) - 1; at >= 0; at -= 1) this.sink(at);
  }

  private sink(from: number): void {
    const { items, ranks } = this;
    for (let at = from; ; ) {
      let least = at;
      for (const below of [2 * at + 1, 2 * at + 2]) {
        if (below < ranks.length && ranks[below]! < ranks[least]!) least = below;
      }
      if (least === at) return;
      [ranks[at], ranks[least]] = [ranks[least]!, ranks[at]!];
      [items[at], items[least]] = [items[least]!, items[at]!];
      at = least;
    }
  }
}

/** Beginning and end of a value that is too long for a whole budget. */
function bothEnds(text: string, length: number): string {
  const half = length >> 1;
  return `${text.slice(0, half)}\n${text.slice(-half)}`;
}
