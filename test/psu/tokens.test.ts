import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict';
import { TokenVerifier } from '../../actors/psu/tokens/token-verifier.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { TokenSettings } from '../../runtime/protocol/data-api-settings.ts';
import type { TokenRefusal } from '../../runtime/protocol/psu.protocol.ts';
import { jwkOf, pairs, signJwt } from './sign-jwt.ts';

const secret = 'reallyreallyreallyreallyverysafe';
const now = Date.parse('2026-01-01T00:00:00Z');
const seconds = now / 1000;
const plain: TokenSettings = {
  dbAnonRole: 'anon',
  jwtSecret: secret,
  jwtSecretIsBase64: false,
  jwtAud: null,
  jwtRoleClaimKey: '.role',
  jwtCacheMaxEntries: 10,
};

function verifierWith(changes: Partial<TokenSettings> = {}, clock: { now: number } = { now }): TokenVerifier {
  return new TokenVerifier({
    project: 'shop',
    settings: { ...plain, ...changes },
    issuer: (ref) => `/p/${ref}`,
    now: () => clock.now,
  });
}

function refusalOf(work: () => unknown): TokenRefusal & { readonly status: number } {
  try {
    work();
  } catch (thrown) {
    const error = MagFlockError.from(thrown);
    return { ...(error.details as unknown as TokenRefusal), status: error.status };
  }
  throw new Error('it was accepted');
}

const { rsa, p256, p384, p521, ed25519 } = pairs;
const oct = (bytes: string, more = {}) => ({
  kty: 'oct',
  k: Buffer.from(bytes).toString('base64url'),
  ...more,
});

describe('tokens', () => {
  for (const [algorithm, jwk, key] of [
    ['HS256', oct(secret), secret],
    ['HS384', oct(secret, { alg: 'HS384' }), secret],
    ['HS512', oct(secret, { alg: 'HS512' }), secret],
    ['RS256', jwkOf(rsa.publicKey), rsa.privateKey],
    ['RS384', jwkOf(rsa.publicKey, { alg: 'RS384' }), rsa.privateKey],
    ['RS512', jwkOf(rsa.publicKey, { alg: 'RS512' }), rsa.privateKey],
    ['PS256', jwkOf(rsa.publicKey, { alg: 'PS256' }), rsa.privateKey],
    ['PS384', jwkOf(rsa.publicKey, { alg: 'PS384' }), rsa.privateKey],
    ['PS512', jwkOf(rsa.publicKey, { alg: 'PS512' }), rsa.privateKey],
    ['ES256', jwkOf(p256.publicKey), p256.privateKey],
    ['ES384', jwkOf(p384.publicKey), p384.privateKey],
    ['ES512', jwkOf(p521.publicKey), p521.privateKey],
    ['EdDSA', jwkOf(ed25519.publicKey), ed25519.privateKey],
  ] as const) {
    it(`of ${algorithm} are accepted with the right key, and with one bit changed they are not`, () => {
      const verifier = verifierWith({ jwtSecret: JSON.stringify(jwk) });
      const token = signJwt({ role: 'author' }, key, { alg: algorithm });
      equal(verifier.verify(token).role, 'author');
      const bytes = Buffer.from(token.split('.')[2]!, 'base64url');
      bytes[5]! ^= 1;
      const forged = `${token.slice(0, token.lastIndexOf('.'))}.${bytes.toString('base64url')}`;
      equal(refusalOf(() => verifier.verify(forged)).pgrst.message, 'No suitable key or wrong key type');
    });
  }

  it('are of the key that their kid names, whatever the others could verify', () => {
    const jwtSecret = JSON.stringify({
      keys: [jwkOf(rsa.publicKey, { kid: 'old' }), jwkOf(p256.publicKey, { kid: 'new' }), { kty: 'strange' }],
    });
    const verifier = verifierWith({ jwtSecret });
    equal(verifier.verify(signJwt({ role: 'a' }, rsa.privateKey, { alg: 'RS256', kid: 'old' })).role, 'a');
    equal(verifier.verify(signJwt({ role: 'b' }, p256.privateKey, { alg: 'ES256', kid: 'new' })).role, 'b');
    equal(verifier.verify(signJwt({ role: 'c' }, p256.privateKey, { alg: 'ES256' })).role, 'c');
    throws(() => verifier.verify(signJwt({ role: 'd' }, rsa.privateKey, { alg: 'RS256', kid: 'new' })));
  });

  const publicPem = rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const asymmetric = JSON.stringify({
    keys: [jwkOf(rsa.publicKey, { kid: 'r' }), oct(secret, { kid: 'h' })],
  });
  const signed = signJwt({ role: 'author' }, secret);
  const unsecured = Buffer.from('{"alg":"none"}').toString('base64url');
  const [head, body, proof] = signed.split('.') as [string, string, string];
  const unsuitable = 'No suitable key or wrong key type';
  const broken = 'JWT cryptographic operation failed';

  for (const [attack, token, message, settings] of [
    ['nothing', '', 'Empty JWT is sent in Authorization header'],
    ['one part', 'a', 'Expected 3 parts in JWT; got 1'],
    ['two parts', `${head}.${body}`, 'Expected 3 parts in JWT; got 2'],
    ['the five parts of an encrypted one', `${head}.a.b.c.d`, 'Expected 3 parts in JWT; got 5'],
    ['random characters', 'quifquirndsjagnrgniur.fonvoienqhhdj.iuqvnvhojah', broken],
    ['16 kB', `${'a'.repeat(16_385)}`, 'JWT has more than 16384 characters'],
    ['no base64', `${head}.${body}.${proof.slice(0, -1)}!`, broken],
    ['a header that is a list', `${Buffer.from('[]').toString('base64url')}.${body}.${proof}`, broken],
    ['no signature', `${head}.${body}.`, broken],
    ['alg none', `${unsecured}.${body}.`, 'Wrong or unsupported encoding algorithm'],
    ['alg none with a signature', `${unsecured}.${body}.${proof}`, 'Wrong or unsupported encoding algorithm'],
    ['alg None', `${Buffer.from('{"alg":"None"}').toString('base64url')}.${body}.${proof}`, broken],
    [
      'alg constructor',
      `${Buffer.from('{"alg":"constructor"}').toString('base64url')}.${body}.${proof}`,
      broken,
    ],
    ['another secret', signJwt({ role: 'a' }, `${secret}!`), unsuitable],
    [
      'the payload of another token',
      `${head}.${Buffer.from('{"role":"b"}').toString('base64url')}.${proof}`,
      unsuitable,
    ],
    ['HS512 with a key for HS256', signJwt({ role: 'a' }, secret, { alg: 'HS512' }), unsuitable],
    [
      'the public RSA key as HMAC secret',
      signJwt({ role: 'a' }, publicPem, { alg: 'HS256', kid: 'r' }),
      unsuitable,
      { jwtSecret: asymmetric },
    ],
    [
      'RS256 where only PS256 is meant',
      signJwt({ role: 'a' }, rsa.privateKey, { alg: 'RS256' }),
      unsuitable,
      { jwtSecret: JSON.stringify(jwkOf(rsa.publicKey, { alg: 'PS256' })) },
    ],
    [
      'kid as a path',
      signJwt({ role: 'a' }, '', { alg: 'HS256', kid: '/dev/null' }),
      unsuitable,
      { jwtSecret: asymmetric },
    ],
    [
      'kid as SQL',
      signJwt({ role: 'a' }, secret, { alg: 'HS256', kid: "h' or '1'='1" }),
      unsuitable,
      { jwtSecret: asymmetric },
    ],
    [
      'kid as an object',
      signJwt({ role: 'a' }, secret, { alg: 'HS256', kid: { a: 1 } }),
      unsuitable,
      { jwtSecret: asymmetric },
    ],
    [
      'a key of its own in the header',
      signJwt({ role: 'a' }, p256.privateKey, { alg: 'ES256', jwk: jwkOf(p256.publicKey) }),
      unsuitable,
    ],
    [
      'a critical extension',
      signJwt({ role: 'a' }, secret, { alg: 'HS256', crit: ['b64'], b64: false }),
      broken,
    ],
  ] as readonly (readonly [string, string, string, Partial<TokenSettings>?])[]) {
    it(`with ${attack} are refused: ${message}`, () => {
      const refusal = refusalOf(() => verifierWith(settings).verify(token));
      deepEqual([refusal.pgrst.code, refusal.pgrst.message, refusal.status], ['PGRST301', message, 401]);
      equal(refusal.authenticate, `Bearer error="invalid_token", error_description="${message}"`);
    });
  }

  for (const [what, claims, message] of [
    ['expired 31 s ago', { exp: seconds - 31 }, 'JWT expired'],
    ['not valid for 31 s', { nbf: seconds + 31 }, 'JWT not yet valid'],
    ['issued in 31 s', { iat: seconds + 31 }, 'JWT issued at future'],
    ['with a text as exp', { exp: '1' }, "The JWT 'exp' claim must be a number"],
    ['with a text as nbf', { nbf: 'invalid' }, "The JWT 'nbf' claim must be a number"],
    ['with a list as iat', { iat: [] }, "The JWT 'iat' claim must be a number"],
    ['for another audience', { aud: 'notyouraudience' }, 'JWT not in audience'],
    ['for other audiences', { aud: ['a', 'b'] }, 'JWT not in audience'],
    ['for an empty audience', { aud: '' }, 'JWT not in audience'],
    ['with an object as aud', { aud: {} }, "The JWT 'aud' claim must be a string or an array of strings"],
    [
      'with a number in aud',
      { aud: ['us', 1] },
      "The JWT 'aud' claim must be a string or an array of strings",
    ],
    ['of another project', { iss: '/p/other' }, 'JWT is of another project'],
    ['of another project below its base', { iss: '/p/other/auth/v1' }, 'JWT is of another project'],
    ['with a list as role', { role: ['a'] }, 'The role in the JWT must be a string'],
    ['with a number as role', { role: 1 }, 'The role in the JWT must be a string'],
    ['with role none', { role: 'none' }, 'The role in the JWT is not possible'],
    ['with an empty role', { role: '' }, 'The role in the JWT is not possible'],
    [
      'with the login of the lanes as role',
      { role: 'authenticator_shop' },
      'The role in the JWT is not possible',
    ],
    ['with a role longer than a name', { role: 'x'.repeat(64) }, 'The role in the JWT is not possible'],
    ['with a zero byte in the role', { role: 'a\0b' }, 'The role in the JWT is not possible'],
    ['that are a list', [], 'Parsing claims failed'],
    ['that are no JSON', 'role', 'Parsing claims failed'],
    ['that are null', null, 'Parsing claims failed'],
  ] as const) {
    it(`${what} are refused: ${message}`, () => {
      const refusal = refusalOf(() => verifierWith({ jwtAud: 'us' }).verify(signJwt(claims, secret)));
      deepEqual([refusal.pgrst.code, refusal.pgrst.message, refusal.status], ['PGRST303', message, 401]);
    });
  }

  for (const claims of [
    { exp: seconds - 30 },
    { nbf: seconds + 30, iat: seconds + 30 },
    { exp: null, nbf: null, aud: null },
    { aud: 'us' },
    { aud: ['them', 'us'] },
    { aud: [] },
    { iss: '/p/shop' },
    { iss: 'https://accounts.example.com/p/other' },
    { iss: 7 },
  ]) {
    it(`with ${JSON.stringify(claims)} are accepted`, () => {
      equal(verifierWith({ jwtAud: 'us' }).verify(signJwt({ role: 'a', ...claims }, secret)).role, 'a');
    });
  }

  it('of a project of the same domain are refused, those of other hosts are not', () => {
    const issuer = (ref: string) => `https://${ref}.api.example.com`;
    const verifier = new TokenVerifier({ project: 'shop', settings: plain, issuer, now: () => now });
    const from = (iss: string) => () => verifier.verify(signJwt({ role: 'a', iss }, secret)).role;
    for (const iss of [issuer('other'), issuer('OTHER'), `${issuer('other')}/auth/v1`])
      throws(from(iss), { code: 'MF212' });
    for (const iss of [issuer('shop'), 'https://api.example.com', 'https://other.api.example.com.evil.org'])
      equal(from(iss)(), 'a');
  });

  it('without a role act as strangers do, and are refused where there are none', () => {
    const token = signJwt({ id: 'jdoe' }, secret);
    const { subject, ...bearer } = verifierWith().verify(token);
    deepEqual(bearer, { role: 'anon', isAnonymous: true, claims: '{"id":"jdoe","role":"anon"}' });
    ok(subject.startsWith('token-'));
    const refusal = refusalOf(() => verifierWith({ dbAnonRole: null }).verify(token));
    deepEqual(refusal, {
      pgrst: { code: 'PGRST302', message: 'Anonymous access is disabled', details: null, hint: null },
      authenticate: 'Bearer',
      status: 401,
    });
  });

  it('are no use where no key is set', () => {
    deepEqual(
      refusalOf(() => verifierWith({ jwtSecret: null }).verify(signed)),
      {
        pgrst: { code: 'PGRST300', message: 'Server lacks JWT secret', details: null, hint: null },
        authenticate: null,
        status: 500,
      },
    );
  });

  it('give their claims as they wrote them, with the role among them', () => {
    const payload =
      '{"sub":"jdoe","n":9007199254740993,"x":1.50,"role":["ignored"],"app":{"role":"author"},"__proto__":{"a":1}}';
    const bearer = verifierWith({ jwtRoleClaimKey: '.app.role' }).verify(signJwt(payload, secret));
    equal(bearer.claims, payload.replace('["ignored"]', '"author"'));
    deepEqual([bearer.role, bearer.subject, bearer.isAnonymous], ['author', 'jdoe', false]);
  });

  it('have a subject that can be shown', () => {
    const of = (sub: unknown): string => verifierWith().verify(signJwt({ role: 'a', sub }, secret)).subject;
    equal(of('a\u001b[31m\nb\u202ec'), 'a?[31m?b?c');
    equal(of('x'.repeat(300)).length, 200);
    for (const none of ['', 7, null]) ok(of(none).startsWith('token-'));
  });

  it('with a secret in base64 are verified with what it stands for', () => {
    const bytes = Buffer.from(secret);
    for (const jwtSecret of [
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('base64').replaceAll('=', '.'),
    ]) {
      equal(verifierWith({ jwtSecret, jwtSecretIsBase64: true }).verify(signed).role, 'author');
    }
  });

  describe('that were verified before', () => {
    it('are still looked at for their time', () => {
      const clock = { now };
      const verifier = verifierWith({}, clock);
      const token = signJwt({ role: 'a', exp: seconds + 10 }, secret);
      verifier.verify(token);
      clock.now += 41_000;
      equal(refusalOf(() => verifier.verify(token)).pgrst.message, 'JWT expired');
      equal(verifier.cached, 0);
    });

    it('are forgotten least recently used first, and refused ones are never kept', () => {
      const verifier = verifierWith({ jwtCacheMaxEntries: 2 });
      for (const role of ['a', 'b', 'c', 'a']) verifier.verify(signJwt({ role }, secret));
      equal(verifier.cached, 2);
      throws(() => verifier.verify(signJwt({ role: 'd', exp: 1 }, secret)));
      equal(verifier.cached, 2);
      const none = verifierWith({ jwtCacheMaxEntries: 0 });
      none.verify(signed);
      equal(none.cached, 0);
    });

    it('do not vouch for another signature of the same claims', () => {
      const verifier = verifierWith();
      verifier.verify(signed);
      notEqual(proof[0], 'A');
      throws(() => verifier.verify(`${head}.${body}.A${proof.slice(1)}`));
    });
  });

  for (const [what, jwtSecret, problem] of [
    ['a short text', 'short', 'it has fewer than 32 bytes'],
    ['a PEM', publicPem, 'a PEM is no secret; give a public key as a JWK'],
    ['broken JSON', `{"kty":"oct"${' '.repeat(40)}`, 'it begins like a JWK but is not JSON'],
    ['a JWK with a short secret', JSON.stringify(oct('short')), 'key 1: k has fewer than 32 bytes'],
    [
      'an RSA key for HS256',
      JSON.stringify(jwkOf(rsa.publicKey, { alg: 'HS256' })),
      'key 1: a key of type RSA cannot be for "HS256"',
    ],
    [
      'a P-256 key for ES384',
      JSON.stringify(jwkOf(p256.publicKey, { alg: 'ES384' })),
      'key 1: a key of type EC cannot be for "ES384"',
    ],
    [
      'a key for encryption',
      JSON.stringify(jwkOf(rsa.publicKey, { use: 'enc' })),
      'no key in it can verify signatures (oct, RSA, EC or OKP)',
    ],
    ['an empty JWKS', '{"keys":[]}', 'no key in it can verify signatures (oct, RSA, EC or OKP)'],
    [
      'an EC key that is none',
      '{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}',
      'key 1: it is not a valid EC key',
    ],
  ] as const) {
    it(`cannot be verified with ${what}`, () => {
      throws(() => verifierWith({ jwtSecret }), { message: problem });
    });
  }
});
