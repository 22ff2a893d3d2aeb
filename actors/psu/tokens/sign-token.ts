import { createHmac } from 'node:crypto';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { TokenSettings } from '../../../runtime/protocol/data-api-settings.ts';
import type { SignedToken, SignTokenRequest } from '../../../runtime/protocol/psu.protocol.ts';
import { isClosedRole } from './is-closed-role.ts';
import { readJwtSecret } from './read-jwt-secret.ts';
import { rolePath } from './role-path.ts';
import type { TokenKey } from './token-key.ts';

type Claims = Readonly<Record<string, unknown>>;

const longestSeconds = 30 * 86_400;
/** Characters before the signature: who verifies takes 16,384 with it. */
const longestSigned = 16_000;
/** What the request says elsewhere, or nobody but this. */
const ownClaims = ['sub', 'exp', 'iat'];

/**
 * A token (RFC 7515, compact form; HS256) as the project's settings demand it: with its audience, the role where
 * `jwtRoleClaimKey` looks for it.
 * @param now seconds since the epoch
 * @throws MF215 when the project has no secret that can sign; MF216 naming what cannot be in a token
 */
export function signToken(request: SignTokenRequest, settings: TokenSettings, now: number): SignedToken {
  const { project, role, subject, expiresSeconds, claims = {} } = request;
  if (isClosedRole(project, role)) throw refused('role', `${JSON.stringify(role.slice(0, 63))} is no role`);
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > longestSeconds) {
    throw refused('expires', 'a token lives from one second to 30 days');
  }
  const own = ownClaims.find((name) => Object.hasOwn(claims, name));
  if (own !== undefined) throw refused('claims', `${own} is not given as a claim`);
  const { kid, key } = signingKey(settings);
  const exp = now + expiresSeconds;
  const payload = withRole(settings.jwtRoleClaimKey, role, {
    ...(settings.jwtAud === null ? {} : { aud: settings.jwtAud }),
    ...claims,
    ...(subject === undefined ? {} : { sub: subject }),
    iat: now,
    exp,
  });
  const head = { alg: 'HS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) };
  const signed = `${encoded(head)}.${encoded(payload)}`;
  if (signed.length > longestSigned) throw refused('claims', 'they are too long');
  const signature = createHmac('sha256', key).update(signed).digest('base64url');
  return { token: `${signed}.${signature}`, role, expiresAt: new Date(exp * 1000).toISOString() };
}

/** Public keys verify only, and whoever has the private one signs. */
function signingKey({ jwtSecret, jwtSecretIsBase64 }: TokenSettings): TokenKey {
  if (jwtSecret === null) {
    throw new MagFlockError('MF215', 'The project has no secret for tokens.', {
      fix: 'magflock project settings set jwtSecret=- sets one; at least 32 random bytes.',
    });
  }
  const key = readJwtSecret(jwtSecret, jwtSecretIsBase64).find(({ algorithm }) => algorithm === 'HS256');
  if (key !== undefined) return key;
  throw new MagFlockError('MF215', 'jwtSecret of the project has keys that cannot sign with HS256.', {
    fix: 'Sign the token where the private key is, or set a text as jwtSecret.',
  });
}

/** The claims with the role at the path, when that is one of names: `.role`, `.app_metadata.role`. */
function withRole(path: string, role: string, claims: Claims): Claims {
  const names = /^(?:\.[\p{L}\p{N}_$@]+)+$/u.test(path) ? path.slice(1).split('.') : [];
  const payload = names.length === 0 ? claims : placed(claims, names, role);
  if (rolePath(path)(payload) === role) return payload;
  throw refused('role', `it is not what the claims have at jwtRoleClaimKey (${path})`);
}

function placed(claims: Claims, [name = '', ...rest]: readonly string[], role: string): Claims {
  const inner = Object.hasOwn(claims, name) ? claims[name] : undefined;
  const value =
    rest.length === 0
      ? (inner ?? role)
      : placed(typeof inner === 'object' && inner !== null ? (inner as Claims) : {}, rest, role);
  return { ...claims, [name]: value };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function refused(field: 'role' | 'expires' | 'claims', problem: string): MagFlockError {
  return new MagFlockError('MF216', `${field}: ${problem}.`, {
    fix: 'magflock token --role authenticated --sub <id> --expires 1h',
    details: { field },
  });
}
