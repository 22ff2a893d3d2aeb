import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { signToken } from '../../actors/psu/tokens/sign-token.ts';
import { TokenVerifier } from '../../actors/psu/tokens/token-verifier.ts';
import type { TokenSettings } from '../../runtime/protocol/data-api-settings.ts';
import type { SignTokenRequest } from '../../runtime/protocol/psu.protocol.ts';
import { jwkOf, pairs, signJwt } from './sign-jwt.ts';

const secret = 'reallyreallyreallyreallyverysafe';
const now = Date.parse('2026-01-01T00:00:00Z');
const plain: TokenSettings = {
  dbAnonRole: 'anon',
  jwtSecret: secret,
  jwtSecretIsBase64: false,
  jwtAud: null,
  jwtRoleClaimKey: '.role',
  jwtCacheMaxEntries: 10,
};
const asked: SignTokenRequest = {
  project: 'shop',
  role: 'authenticated',
  subject: 'ann',
  expiresSeconds: 60,
};
const oct = (more: object) => ({ kty: 'oct', k: Buffer.from(secret).toString('base64url'), ...more });

function signed(request: Partial<SignTokenRequest> = {}, changes: Partial<TokenSettings> = {}) {
  return signToken({ ...asked, ...request }, { ...plain, ...changes }, now / 1000);
}

function bearerOf(token: string, changes: Partial<TokenSettings> = {}) {
  const settings = { ...plain, ...changes };
  return new TokenVerifier({
    project: 'shop',
    settings,
    issuer: (ref) => `/p/${ref}`,
    now: () => now,
  }).verify(token);
}

describe('tokens that the daemon signs', () => {
  it('are what another implementation makes of the same claims', () => {
    const { token, expiresAt, role } = signed({ claims: { team: 'staff' } });
    const claims = {
      team: 'staff',
      sub: 'ann',
      iat: now / 1000,
      exp: now / 1000 + 60,
      role: 'authenticated',
    };
    equal(token, signJwt(claims, secret, { alg: 'HS256', typ: 'JWT' }));
    deepEqual([expiresAt, role], ['2026-01-01T00:01:00.000Z', 'authenticated']);
  });

  for (const [what, changes, request] of [
    ['a text', {}, {}],
    ['base64', { jwtSecret: Buffer.from(secret).toString('base64'), jwtSecretIsBase64: true }, {}],
    [
      'a key among others',
      { jwtSecret: JSON.stringify({ keys: [jwkOf(pairs.p256.publicKey), oct({ kid: 'b' })] }) },
      {},
    ],
    ['an audience', { jwtAud: 'us' }, {}],
    [
      'a role below',
      { jwtRoleClaimKey: '.app_metadata.role' },
      { claims: { app_metadata: { team: 'staff' } } },
    ],
    ['a role in a list', { jwtRoleClaimKey: '.roles[0]' }, { claims: { roles: ['authenticated'] } }],
    ['a role of one’s own', {}, { role: 'service_role' }],
  ] as const) {
    it(`are accepted with ${what}`, () => {
      const bearer = bearerOf(signed(request, changes).token, changes);
      deepEqual([bearer.role, bearer.subject], ['role' in request ? request.role : 'authenticated', 'ann']);
    });
  }

  it('keep the claims beside a role that is below', () => {
    const changes = { jwtRoleClaimKey: '.app_metadata.role' };
    const { token } = signed({ claims: { app_metadata: { team: 'staff' } } }, changes);
    const { app_metadata } = JSON.parse(bearerOf(token, changes).claims);
    deepEqual(app_metadata, { team: 'staff', role: 'authenticated' });
  });

  for (const [what, changes, code] of [
    ['there is none', { jwtSecret: null }, 'MF215'],
    ['it is a public key', { jwtSecret: JSON.stringify(jwkOf(pairs.ed25519.publicKey)) }, 'MF215'],
    ['it is for another algorithm', { jwtSecret: JSON.stringify(oct({ alg: 'HS512' })) }, 'MF215'],
    ['the role is in a list', { jwtRoleClaimKey: '.roles[0]' }, 'MF216'],
  ] as const) {
    it(`are not signed when ${what}, and it is said without the secret`, () => {
      throws(
        () => signed({}, changes),
        (error: { code: string; fix?: string; message: string }) => {
          equal(error.code, code);
          ok(error.fix !== undefined && !`${error.fix}${error.message}`.includes(secret));
          return true;
        },
      );
    });
  }

  for (const request of [
    { role: '' },
    { role: 'none' },
    { role: 'authenticator_shop' },
    { role: 'r'.repeat(64) },
    { expiresSeconds: 0 },
    { expiresSeconds: 1.5 },
    { expiresSeconds: 30 * 86_400 + 1 },
    { claims: { exp: 9_999_999_999 } },
    { claims: { sub: 'bob' } },
    { claims: { role: 'service_role' } },
    { claims: { text: 'x'.repeat(16_384) } },
  ]) {
    it(`are not signed for ${JSON.stringify(request).slice(0, 60)}`, () => {
      throws(() => signed(request), { code: 'MF216' });
    });
  }
});
