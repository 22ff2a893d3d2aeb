import { combine } from '../sqlguard/combine.ts';
import type { thresholds } from '../sqlguard/thresholds.ts';
import type { Measured } from './measured.ts';

/** Whether a measured text is blocked as shipped: pre-filters, signatures and calibrated model, combined. */
export function isBlocked(measured: Measured, surface: keyof typeof thresholds): boolean {
  const inBody = surface === 'body';
  const score = inBody ? measured.bodySignature : measured.signature;
  const { action } = combine({
    surface,
    signature: score === 0 ? undefined : { score, name: 'measured' },
    model: (inBody ? measured.bodyAsked : measured.asked) ? 1 / (1 + Math.exp(-measured.logit)) : undefined,
  });
  return action === 'block' || action === 'escalate';
}
