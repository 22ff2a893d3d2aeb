import { depthFix } from '../../../plan/limits/depth-fix.ts';
import { embedDepth } from '../../../plan/limits/embed-depth.ts';
import type { ReadNode } from '../../../plan/read-plan.ts';
import { limitExceeded } from '../errors/limit-exceeded.ts';

/** @throws RestError MF426 when relations are embedded more levels deep than the role may */
export function checkDepth(read: ReadNode, most: number | undefined): void {
  if (most === undefined) return;
  const depth = embedDepth(read);
  if (depth <= most) return;
  throw limitExceeded(
    'depth',
    `Relations are embedded ${depth} levels deep; ${most} are allowed.`,
    depthFix(most),
  );
}
