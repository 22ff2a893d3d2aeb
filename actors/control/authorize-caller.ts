import { createHash, timingSafeEqual } from 'node:crypto';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

/**
 * Whether the caller knows the token of this boot. Compared as digests, so that neither length nor content can
 * be learnt from the time it takes.
 * @param header value of `Authorization`
 * @throws MagFlockError MF804
 */
export function authorizeCaller(header: string | undefined, token: string): void {
  const given = header?.match(/^Bearer (?<token>\S+)$/)?.groups?.['token'] ?? '';
  if (timingSafeEqual(digest(given), digest(token)) && given !== '') return;
  throw new MagFlockError('MF804', 'the control token is missing or not the one of this daemon', {
    fix: 'read control.token in the data folder anew; it changes with each start',
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
