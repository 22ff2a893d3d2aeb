import { combine } from '../sqlguard/combine.ts';
import type { thresholds } from '../sqlguard/thresholds.ts';

const farthest = 30;
const steps = 50;

/** The lowest calibrated logit at which the model alone blocks on a surface: found by asking what is shipped. */
export function blockingLogit(surface: keyof typeof thresholds): number {
  let [below, above] = [-farthest, farthest];
  for (let step = 0; step < steps; step += 1) {
    const middle = (below + above) / 2;
    const model = 1 / (1 + Math.exp(-middle));
    const { action } = combine({ surface, signature: undefined, model });
    if (action === 'block' || action === 'escalate') above = middle;
    else below = middle;
  }
  return above;
}
