import type { Surface } from '../../../runtime/protocol/sentinel.protocol.ts';

/** From which score a finding is logged, and from which it is blocked. */
export interface Threshold {
  readonly log: number;
  readonly block: number;
}

/**
 * Confidence bands per surface. Every value is a bound parameter anyway, so in a body, where people write about
 * anything, a false alarm is the worse fault: signatures have a score of their own there (mostly 0).
 */
export const thresholds: Readonly<Record<Surface, Threshold>> = {
  query: { log: 0.5, block: 0.85 },
  path: { log: 0.5, block: 0.85 },
  header: { log: 0.5, block: 0.85 },
  body: { log: 0.85, block: 0.9 },
  sql: { log: 0.5, block: 0.85 },
};
