import { createSecretKey } from 'node:crypto';
import { readJwk } from './read-jwk.ts';
import type { TokenKey } from './token-key.ts';

const shortestSecret = 32;
const mostKeys = 100;

/**
 * The keys of the setting `jwtSecret`: a text for HS256, a JWK, or a JWKS.
 * @param isBase64 the text is base64, of either alphabet, of what counts
 * @throws RangeError saying what is wrong; never with a part of the secret
 */
export function readJwtSecret(text: string, isBase64: boolean): readonly TokenKey[] {
  const bytes = isBase64 ? fromBase64(text) : Buffer.from(text);
  const content = bytes.toString().trim();
  if (content.startsWith('{')) return readKeys(content);
  // A public key as text would be an HMAC secret that everybody knows.
  if (/-----BEGIN|^ssh-/.test(content)) {
    throw new RangeError('a PEM is no secret; give a public key as a JWK');
  }
  if (bytes.length < shortestSecret) throw new RangeError(`it has fewer than ${shortestSecret} bytes`);
  return [{ algorithm: 'HS256', kid: undefined, key: createSecretKey(bytes) }];
}

function fromBase64(text: string): Buffer {
  // PostgREST also takes a dot for the padding.
  const plain = text.trim().replaceAll('-', '+').replaceAll('_', '/').replaceAll('.', '=');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) throw new RangeError('it is not base64');
  return Buffer.from(plain, 'base64');
}

function readKeys(text: string): readonly TokenKey[] {
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new RangeError('it begins like a JWK but is not JSON');
  }
  const jwks = 'keys' in given ? given['keys'] : [given];
  if (!Array.isArray(jwks) || jwks.length > mostKeys) {
    throw new RangeError(`keys is not a list of at most ${mostKeys} keys`);
  }
  const keys = jwks.flatMap((jwk, index) => {
    if (typeof jwk !== 'object' || jwk === null) throw new RangeError(`key ${index + 1} is no object`);
    try {
      return readJwk(jwk as Record<string, unknown>) ?? [];
    } catch (thrown) {
      throw new RangeError(`key ${index + 1}: ${(thrown as Error).message}`);
    }
  });
  if (keys.length === 0) throw new RangeError('no key in it can verify signatures (oct, RSA, EC or OKP)');
  return keys;
}
