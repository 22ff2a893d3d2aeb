import type { Action, UnsureValue } from '../../../runtime/protocol/sentinel.protocol.ts';
import { modelSurface } from '../inspect/model-surface.ts';
import { type Combined, combine } from '../sqlguard/combine.ts';
import type { DeskCounts, UnjudgedReason } from './desk-counts.ts';
import type { Judged } from './patrol-desk.ts';
import type { KnownScore } from './score-cache.ts';

/** A value with what signature and model say of it together. */
export interface WeighedValue {
  readonly value: UnsureValue;
  readonly combined: Combined;
  /** Undefined when the models did not judge it. */
  readonly score: KnownScore | undefined;
}

/** The values of a request, judged. */
export interface WeighedRequest {
  readonly worst: WeighedValue | undefined;
  /** Why some were not judged. */
  readonly unjudged: UnjudgedReason | undefined;
}

const severity: Readonly<Record<Action, number>> = { allow: 0, log: 1, throttle: 2, block: 3, escalate: 4 };

/**
 * Puts together what signatures and models found in the values of a request, and counts it.
 * @param judged in the order of the values; undefined when models do not judge at all
 */
export function weighValues(
  values: readonly UnsureValue[],
  judged: readonly Judged[] | undefined,
  counts: DeskCounts,
): WeighedRequest {
  let worst: WeighedValue | undefined;
  let unjudged: UnjudgedReason | undefined;
  for (const [at, value] of values.entries()) {
    const found = judged?.[at];
    if (found !== undefined && found.score === undefined) {
      unjudged = found.reason;
      counts.unjudged(found.reason);
    }
    const score = found?.score;
    const combined = weigh(value, score?.score);
    if (score !== undefined && found !== undefined && 'fresh' in found && found.fresh) {
      counts.judged(1);
      if (score.shadow !== null && score.shadowVersion !== null) {
        counts.compared(score.shadowVersion, combined.action, weigh(value, score.shadow).action);
      }
    }
    if (worst === undefined || isWorse(combined, worst.combined)) worst = { value, combined, score };
  }
  return { worst, unjudged };
}

function weigh({ surface, signature }: UnsureValue, model: number | undefined): Combined {
  return combine({ surface: modelSurface(surface), signature, model });
}

function isWorse(one: Combined, other: Combined): boolean {
  const difference = severity[one.action] - severity[other.action];
  return difference > 0 || (difference === 0 && one.score > other.score);
}
