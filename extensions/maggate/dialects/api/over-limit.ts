import { ExtensionError } from '../../../sdk/index.ts';

/**
 * The error for a request that asks for more than its role or key may have (MF426).
 * @param value what it asks for
 * @param fix what would fit
 */
export function overLimit(
  limit: 'rows' | 'depth',
  value: number,
  allowed: number,
  fix: string,
): ExtensionError {
  const asked =
    limit === 'rows' ? `The request asks for ${value} rows` : `Relations are embedded ${value} levels deep`;
  return new ExtensionError('MF426', `${asked}; ${allowed} are allowed.`, {
    fix,
    details: { limit, value, allowed },
  });
}
