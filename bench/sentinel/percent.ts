import type { Figure } from '../support/report.ts';

/**
 * A share as a figure: of detection at least `goal`, of anything else at most.
 * @param of how many texts it is a share of
 */
export function percent(measure: string, part: number, of: number, goal: number | undefined): Figure {
  const share = of === 0 ? Number.NaN : (part / of) * 100;
  const atLeast = measure.startsWith('detection');
  const ok = goal === undefined ? null : atLeast ? share >= goal : share <= goal;
  return {
    measure: `${measure} (%)`,
    peer: `${Math.round(part)} of`,
    value: share,
    peerValue: of,
    ratio: goal === undefined || goal === 0 ? null : share / goal,
    goal: goal === undefined ? '' : `${atLeast ? '>=' : '<='} ${goal} %`,
    ok,
  };
}
