import { presentedKey } from '../presented-key.ts';
import { bearerOf } from './bearer-of.ts';
import { jwtPattern } from './jwt-pattern.ts';

/**
 * Whether a request that may come with a key alone brings a token. A bearer beside a key is one unless it is a key
 * itself, also when it is broken: whoever passes on a user's token must not act as their own key instead.
 */
export function bringsToken(headers: Readonly<Record<string, string>>): boolean {
  const key = presentedKey({ ...headers, authorization: '' });
  if (key !== undefined && jwtPattern.test(key)) return true;
  const bearer = bearerOf(headers);
  if (bearer === undefined || bearer.startsWith('ak_')) return false;
  return key !== undefined || jwtPattern.test(bearer);
}
