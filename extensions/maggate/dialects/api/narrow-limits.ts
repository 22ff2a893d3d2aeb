import type { CostLimits } from '../../../sdk/index.ts';
import type { ApiLimits } from './api-limits.ts';

/** Limits of lists, under those that the caller's role and key set. */
export function narrowLimits(limits: ApiLimits, costs: CostLimits | undefined): ApiLimits {
  const { rows, depth } = costs ?? {};
  if (rows === undefined && depth === undefined) return limits;
  return {
    defaultLimit: Math.min(limits.defaultLimit, rows ?? limits.defaultLimit),
    maxLimit: Math.min(limits.maxLimit, rows ?? limits.maxLimit),
    rows: rows !== undefined && rows < limits.maxLimit ? rows : undefined,
    depth,
  };
}
