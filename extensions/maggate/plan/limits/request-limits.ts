import type { CostLimits, DataApiSettings, GatewayRequest } from '../../../sdk/index.ts';

const names = ['cost', 'rows', 'bytes', 'depth', 'timeMs'] as const;

/**
 * What a request may cost: the limits of its role (those of `*` hold for roles that have none of their own) and those of
 * its key; where both limit the same, the lower one holds.
 */
export function requestLimits(
  settings: Pick<DataApiSettings, 'limits'>,
  { visibleAs, limits: ofKey }: Pick<GatewayRequest, 'visibleAs' | 'limits'>,
): CostLimits | undefined {
  const ofRole = roleLimits(settings.limits, visibleAs);
  if (ofKey === undefined || ofRole === undefined) return ofKey ?? ofRole;
  const both: { -readonly [Name in keyof CostLimits]: CostLimits[Name] } = {};
  for (const name of names) {
    const least = Math.min(ofRole[name] ?? Number.POSITIVE_INFINITY, ofKey[name] ?? Number.POSITIVE_INFINITY);
    if (least !== Number.POSITIVE_INFINITY) both[name] = least;
  }
  return both;
}

function roleLimits(limits: DataApiSettings['limits'], role: string): CostLimits | undefined {
  if (Object.hasOwn(limits, role)) return limits[role];
  return Object.hasOwn(limits, '*') ? limits['*'] : undefined;
}
