import { refuseToken } from './refuse-token.ts';

/** Seconds by which clocks may differ. */
const skew = 30;

export interface ClaimChecks {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Audience that a token with one must name; null takes any. */
  readonly audience: string | null;
}

/**
 * Times and audience of a token (RFC 7519 §4.1). Each claim is optional; null is none.
 * @throws MF212
 */
export function checkClaims(claims: Readonly<Record<string, unknown>>, { now, audience }: ClaimChecks): void {
  const seconds = Math.floor(now / 1000);
  if (time(claims, 'exp', Number.POSITIVE_INFINITY) < seconds - skew)
    throw refuseToken('MF212', 'JWT expired');
  if (time(claims, 'nbf', 0) > seconds + skew) throw refuseToken('MF212', 'JWT not yet valid');
  if (time(claims, 'iat', 0) > seconds + skew) throw refuseToken('MF212', 'JWT issued at future');
  const audiences = audiencesOf(claims['aud']);
  // An empty list is no audience, as in PostgREST.
  if (audience !== null && audiences.length > 0 && !audiences.includes(audience)) {
    throw refuseToken('MF212', 'JWT not in audience');
  }
}

function time(
  claims: Readonly<Record<string, unknown>>,
  name: 'exp' | 'nbf' | 'iat',
  absent: number,
): number {
  const value = Object.hasOwn(claims, name) ? (claims[name] ?? undefined) : undefined;
  if (value === undefined) return absent;
  if (typeof value !== 'number') throw refuseToken('MF212', `The JWT '${name}' claim must be a number`);
  return value;
}

function audiencesOf(claim: unknown): readonly string[] {
  if (claim === undefined || claim === null) return [];
  if (typeof claim === 'string') return [claim];
  if (Array.isArray(claim) && claim.every((one) => typeof one === 'string')) return claim;
  throw refuseToken('MF212', "The JWT 'aud' claim must be a string or an array of strings");
}
