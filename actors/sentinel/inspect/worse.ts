import { blocks } from './blocks.ts';
import type { Finding } from './finding.ts';

/** The worse of two findings: one that blocks before one that is only logged, else the first. */
export function worse(first: Finding | undefined, second: Finding | undefined): Finding | undefined {
  if (first === undefined) return second;
  return blocks(second) && !blocks(first) ? second : first;
}
