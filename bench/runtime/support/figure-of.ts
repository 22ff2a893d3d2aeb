import { median } from '../../support/median.ts';
import type { Figure } from '../../support/report.ts';
import { type Goal, goalText, meetsGoal } from './goal.ts';
import { spreadOf } from './spread-of.ts';

/** What was measured, before it becomes a figure. */
export interface Measured {
  readonly measure: string;
  readonly samples: readonly number[];
  /** Without it the goal is about the value alone. */
  readonly peer?: { readonly name: string; readonly samples: readonly number[] };
  /** Without it the figure is only reported. */
  readonly goal?: Goal;
}

/** Medians of the samples against the goal; says the spread on standard error. */
export function figureOf({ measure, samples, peer, goal }: Measured): Figure {
  const value = median(samples);
  const peerValue = peer === undefined ? null : median(peer.samples);
  const ratio = peerValue === null ? null : value / peerValue;
  process.stderr.write(
    `${measure}: ${spreadOf(samples)}${peer === undefined ? '' : `; ${peer.name} ${spreadOf(peer.samples)}`}\n`,
  );
  return {
    measure,
    peer: peer?.name ?? '-',
    value,
    peerValue,
    ratio,
    goal: goal === undefined ? 'reported' : goalText(goal),
    ok: goal === undefined ? null : meetsGoal(goal, { value, ratio }),
  };
}
