import type { Finding } from './finding.ts';
import { thresholds } from './thresholds.ts';

/** Whether a finding is over the block threshold of its surface. */
export function blocks(finding: Finding | undefined): finding is Finding {
  return finding !== undefined && finding.score >= thresholds[finding.surface].block;
}
