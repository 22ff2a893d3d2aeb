import type { CostLimits, DataApiSettings } from '../../../../sdk/index.ts';

/** Limits of a role's requests; those of `*` hold for roles that have none of their own. */
export function requestLimits(settings: DataApiSettings, role: string): CostLimits | undefined {
  const { limits } = settings;
  if (Object.hasOwn(limits, role)) return limits[role];
  return Object.hasOwn(limits, '*') ? limits['*'] : undefined;
}
