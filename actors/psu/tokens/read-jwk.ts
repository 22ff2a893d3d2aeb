import { createPublicKey, createSecretKey, type JsonWebKey } from 'node:crypto';
import { type JwtAlgorithm, jwtAlgorithms } from './jwt-algorithm.ts';
import type { TokenKey } from './token-key.ts';

/** Bits of an RSA modulus that RFC 7518 §3.3 demands. */
const shortestModulus = 2048;
const shortestSecret = 32;

const curves: Readonly<Record<string, JwtAlgorithm>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
};

/**
 * A JWK (RFC 7517) as a key with its one algorithm: that of `alg`, else the one of its type and curve (RS256, HS256).
 * @returns undefined for a key that is not for signatures or of a kind that is not known here
 * @throws RangeError saying what is wrong with it
 */
export function readJwk(jwk: Readonly<Record<string, unknown>>): TokenKey | undefined {
  const { kty, kid, use, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'sig') return undefined;
  if (Array.isArray(operations) && !operations.includes('verify') && !operations.includes('sign'))
    return undefined;
  const possible = algorithmsOf(jwk);
  if (possible.length === 0) return undefined;
  const algorithm = jwk['alg'] === undefined ? possible[0]! : possible.find((one) => one === jwk['alg']);
  if (algorithm === undefined) {
    throw new RangeError(`a key of type ${String(kty)} cannot be for ${JSON.stringify(jwk['alg'])}`);
  }
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 500))
    throw new RangeError('kid is no text');
  return { algorithm, kid, key: kty === 'oct' ? secretOf(jwk) : publicOf(jwk) };
}

function algorithmsOf({ kty, crv }: Readonly<Record<string, unknown>>): readonly JwtAlgorithm[] {
  const all = Object.keys(jwtAlgorithms) as JwtAlgorithm[];
  if (kty === 'oct') return all.filter((name) => name.startsWith('HS'));
  if (kty === 'RSA') return all.filter((name) => /^[RP]S/.test(name));
  if (kty === 'EC' && typeof crv === 'string' && Object.hasOwn(curves, crv)) return [curves[crv]!];
  if (kty === 'OKP' && (crv === 'Ed25519' || crv === 'Ed448')) return ['EdDSA'];
  return [];
}

function secretOf({ k }: Readonly<Record<string, unknown>>): TokenKey['key'] {
  const bytes = Buffer.from(typeof k === 'string' ? k : '', 'base64url');
  if (bytes.length < shortestSecret) throw new RangeError(`k has fewer than ${shortestSecret} bytes`);
  return createSecretKey(bytes);
}

function publicOf(jwk: Readonly<Record<string, unknown>>): TokenKey['key'] {
  // Only the public members: of a private key given by mistake nothing is kept.
  const { kty, crv, n, e, x, y } = jwk as JsonWebKey;
  const members = { kty, crv, n, e, x, y };
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  let key: TokenKey['key'];
  try {
    key = createPublicKey({ key: given as JsonWebKey, format: 'jwk' });
  } catch {
    throw new RangeError(`it is not a valid ${String(kty)} key`);
  }
  if ((key.asymmetricKeyDetails?.modulusLength ?? shortestModulus) < shortestModulus) {
    throw new RangeError(`its modulus has fewer than ${shortestModulus} bits`);
  }
  return key;
}
