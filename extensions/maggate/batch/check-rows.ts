import { ExtensionError } from '../../sdk/index.ts';
import type { ApiLimits } from '../dialects/api/api-limits.ts';

/** @throws MF426 for a limit over the largest that is allowed */
export function checkRows(limit: number, { maxLimit }: ApiLimits): void {
  if (limit <= maxLimit) return;
  throw new ExtensionError('MF426', `"limit" is ${limit}; ${maxLimit} are allowed.`, {
    fix: `Write "limit": ${maxLimit}.`,
    details: { limit: 'rows', value: limit, allowed: maxLimit },
  });
}
