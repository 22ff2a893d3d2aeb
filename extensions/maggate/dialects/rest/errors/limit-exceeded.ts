import { RestError } from '../rest-error.ts';

/**
 * MF426: more than the limits of the caller's role allow. Those that only Storage can tell (cost, bytes, time) are its
 * own errors of this code.
 * @param fits what would be allowed
 */
export function limitExceeded(limit: 'rows' | 'depth', message: string, fits: string): RestError {
  return new RestError(400, 'MF426', message, { details: `Limit: ${limit}`, hint: fits });
}
