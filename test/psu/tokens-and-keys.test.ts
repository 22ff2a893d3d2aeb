import { deepEqual, equal, notEqual, throws } from 'node:assert/strict';
import { keyHash } from '../../actors/psu/key-hash.ts';
import type { KeyRecord } from '../../actors/psu/key-record.ts';
import { KeyRing } from '../../actors/psu/key-ring.ts';
import { makeKey } from '../../actors/psu/make-key.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { TokenSettings } from '../../runtime/protocol/data-api-settings.ts';
import type { Identity } from '../../runtime/protocol/identity.protocol.ts';
import { signJwt } from './sign-jwt.ts';

const secret = 'reallyreallyreallyreallyverysafe';
const settings: TokenSettings = {
  dbAnonRole: 'stranger',
  jwtSecret: secret,
  jwtSecretIsBase64: false,
  jwtAud: null,
  jwtRoleClaimKey: '.role',
  jwtCacheMaxEntries: 10,
};
const publicKey = makeKey('public', 'main');
const secretKey = makeKey('secret', 'main');
const narrowKey = makeKey('public', 'main');
const shopKey = makeKey('public', 'shop');
const unknownKey = makeKey('public', 'main');
const token = signJwt({ role: 'author', sub: 'jdoe' }, secret);
/** What Supabase calls the anon key and the service role key. */
const anonToken = signJwt({ iss: 'supabase', ref: 'abcdefgh', role: 'anon' }, secret);
const serviceToken = signJwt({ iss: 'supabase', ref: 'abcdefgh', role: 'service_role' }, secret);
const foreignToken = signJwt({ iss: 'supabase', role: 'service_role' }, `${secret}${secret}`);

function record(key: string, id: string, more: Partial<KeyRecord> = {}): KeyRecord {
  const role = key.startsWith('ak_pub') ? 'anon' : 'service_role';
  const hash = Buffer.from(keyHash(key), 'binary').toString('hex');
  return { id, project: key.split('_')[2]!, role, hash, scopes: {}, revokedAt: null, ...more };
}

describe('tokens beside keys', () => {
  let ring: KeyRing;

  beforeEach(() => {
    ring = new KeyRing((project) => `/p/${project}`);
    ring.replace({
      keys: [
        record(publicKey, 'k-public'),
        record(secretKey, 'k-secret'),
        record(narrowKey, 'k-narrow', { scopes: { tables: ['notes'] } }),
        record(shopKey, 'k-shop'),
      ],
      tokens: [{ project: 'main', settings }],
    });
  });

  const enter = (headers: Record<string, string>, project = 'main') =>
    ring.authenticate({ tokens: true, project, headers, address: '127.0.0.1' });
  const who = (headers: Record<string, string>, project?: string): Identity =>
    ring.open(enter(headers, project));
  const codeOf = (work: () => unknown): string => {
    try {
      work();
    } catch (thrown) {
      return MagFlockError.from(thrown).code;
    }
    return 'none';
  };

  const stranger = { role: 'stranger', isAnonymous: true, claims: '{"role":"stranger"}', keyId: 'k-public' };
  const author = { role: 'author', isAnonymous: false, keyId: 'user:jdoe' };
  for (const [what, headers, expected] of [
    ['a public key', { apikey: publicKey }, stranger],
    ['a public key as bearer', { authorization: `Bearer ${publicKey}` }, stranger],
    ['a public key as both', { apikey: publicKey, authorization: `Bearer ${publicKey}` }, stranger],
    ['a secret key', { apikey: secretKey }, { role: 'service_role', isAnonymous: false, keyId: 'k-secret' }],
    [
      'a secret key as bearer',
      { apikey: publicKey, authorization: `Bearer ${secretKey}` },
      { role: 'service_role', keyId: 'k-secret' },
    ],
    ['a key as X-API-Key', { 'x-api-key': publicKey }, stranger],
    ['a token', { authorization: `Bearer ${token}` }, author],
    ['a token with a public key', { apikey: publicKey, authorization: `bearer  ${token}` }, author],
    ['a token with a secret key', { apikey: secretKey, authorization: `BEARER ${token}` }, author],
    [
      'a token without a role',
      { authorization: `Bearer ${signJwt({ sub: 'x' }, secret)}` },
      { role: 'stranger', isAnonymous: true, keyId: 'user:x' },
    ],
    ['a token in place of a key', { apikey: serviceToken }, { role: 'service_role', isAnonymous: false }],
    [
      'a token as key and bearer',
      { apikey: anonToken, authorization: `Bearer ${anonToken}` },
      { role: 'anon' },
    ],
    [
      'the token of a user beside one in place of a key',
      { apikey: serviceToken, authorization: `Bearer ${token}` },
      author,
    ],
    [
      'a key as bearer beside a token',
      { apikey: serviceToken, authorization: `Bearer ${publicKey}` },
      stranger,
    ],
    ['another scheme beside a key', { apikey: publicKey, authorization: 'Basic dXNlcjpwYXNz' }, stranger],
  ] as const) {
    it(`${what} says who asks`, () => {
      const identity = who(headers);
      deepEqual({ ...identity, ...expected }, identity);
    });
  }

  for (const [what, headers, code] of [
    ['nothing', {}, 'MF201'],
    ['another scheme alone', { authorization: 'Basic dXNlcjpwYXNz' }, 'MF201'],
    ['an empty bearer', { apikey: publicKey, authorization: 'Bearer' }, 'MF211'],
    ['an empty bearer with a blank', { apikey: publicKey, authorization: 'Bearer ' }, 'MF211'],
    ['an unknown key', { apikey: unknownKey }, 'MF202'],
    ['a token of somebody else in place of a key', { apikey: foreignToken }, 'MF211'],
    ['the same beside a good token', { apikey: foreignToken, authorization: `Bearer ${token}` }, 'MF211'],
    ['the same beside a good key', { apikey: foreignToken, authorization: `Bearer ${secretKey}` }, 'MF211'],
    [
      'a token in place of a key and an empty bearer',
      { apikey: anonToken, authorization: 'Bearer' },
      'MF211',
    ],
    ['an unknown key beside a good token', { apikey: unknownKey, authorization: `Bearer ${token}` }, 'MF202'],
    ['a mistyped key as bearer', { apikey: publicKey, authorization: `Bearer ${publicKey}x` }, 'MF203'],
    ['an unknown key as bearer', { apikey: publicKey, authorization: `Bearer ${unknownKey}` }, 'MF202'],
    ['the key of another project', { apikey: shopKey, authorization: `Bearer ${token}` }, 'MF205'],
    ['a bad token beside a secret key', { apikey: secretKey, authorization: 'Bearer a.b.c' }, 'MF211'],
  ] as const) {
    it(`${what} is refused: ${code}`, () =>
      equal(
        codeOf(() => enter(headers)),
        code,
      ));
  }

  it('a token is worth nothing at another project, nor elsewhere than where tokens are asked for', () => {
    equal(
      codeOf(() => enter({ authorization: `Bearer ${token}` }, 'shop')),
      'MF214',
    );
    const facts = { project: 'main', headers: { authorization: `Bearer ${token}` }, address: '127.0.0.1' };
    equal(
      codeOf(() => ring.authenticate(facts)),
      'MF202',
    );
  });

  describe('where a request without a token is that of its key', () => {
    const either = (headers: Record<string, string>) =>
      ring.authenticate({ tokens: 'else-key', project: 'main', headers, address: '127.0.0.1' });
    const plain = (headers: Record<string, string>) =>
      ring.authenticate({ project: 'main', headers, address: '127.0.0.1' });

    for (const [what, headers] of [
      ['X-API-Key', { 'x-api-key': publicKey }],
      ['apikey', { apikey: publicKey }],
      ['Authorization', { authorization: `Bearer ${publicKey}` }],
      ['a secret key', { authorization: `bearer ${secretKey}` }],
      ['the first of two keys', { apikey: publicKey, authorization: `Bearer ${secretKey}` }],
      ['another scheme beside it', { apikey: publicKey, authorization: 'Basic dXNlcjpwYXNz' }],
    ] as readonly [string, Record<string, string>][]) {
      it(`a key is what it is elsewhere, whatever strangers are: ${what}`, () => {
        equal(either(headers), plain(headers));
        ring.apply({
          upserted: [],
          removed: [],
          tokens: { project: 'main', settings: { ...settings, dbAnonRole: null } },
        });
        equal(either(headers), plain(headers));
      });
    }

    for (const [what, headers, code] of [
      ['nothing', {}, 'MF201'],
      ['what is no key', { authorization: 'Bearer sk_1234' }, 'MF202'],
      ['a mistyped key', { authorization: `Bearer ${publicKey}x` }, 'MF203'],
    ] as readonly [string, Record<string, string>, string][]) {
      it(`${what} is refused as elsewhere: ${code}`, () => {
        for (const way of [either, plain])
          equal(
            codeOf(() => way(headers)),
            code,
          );
      });
    }

    for (const [what, headers] of [
      ['alone', { authorization: `Bearer ${token}` }],
      ['beside a public key', { apikey: publicKey, authorization: `Bearer ${token}` }],
      ['beside a secret key', { 'x-api-key': secretKey, authorization: `Bearer ${token}` }],
      ['beside one in place of a key', { apikey: serviceToken, authorization: `Bearer ${token}` }],
    ] as readonly [string, Record<string, string>][]) {
      it(`a token says who asks: ${what}`, () => {
        const { role, isAnonymous, claims } = ring.open(either(headers));
        deepEqual([role, isAnonymous, JSON.parse(claims).sub], ['author', false, 'jdoe']);
      });
    }

    for (const [what, headers, code] of [
      ['a foreign token', { authorization: `Bearer ${foreignToken}` }, 'MF211'],
      ['a cut token beside a secret key', { apikey: secretKey, authorization: 'Bearer eyJhb' }, 'MF211'],
      ['an empty bearer beside a secret key', { apikey: secretKey, authorization: 'Bearer' }, 'MF211'],
      ['a token beside a wrong key', { apikey: unknownKey, authorization: `Bearer ${token}` }, 'MF202'],
      [
        'an expired token',
        { apikey: secretKey, authorization: `Bearer ${signJwt({ role: 'author', exp: 1 }, secret)}` },
        'MF212',
      ],
    ] as readonly [string, Record<string, string>, string][]) {
      it(`${what} is refused: ${code}`, () =>
        equal(
          codeOf(() => either(headers)),
          code,
        ));
    }

    it('the scopes of a key hold for the token beside it', () => {
      const handle = either({ apikey: narrowKey, authorization: `Bearer ${token}` });
      throws(() => ring.authorize(handle, 'select', 'secrets'), { code: 'MF206' });
    });
  });

  it('new settings void what came in with a token in place of a key, and so does none', () => {
    const handle = enter({ apikey: serviceToken });
    ring.apply({ upserted: [], removed: [], tokens: { project: 'main', settings: null } });
    throws(() => ring.open(handle), { code: 'MF210' });
    equal(
      codeOf(() => enter({ apikey: serviceToken })),
      'MF214',
    );
  });

  it('where no role is meant for strangers a public key needs a token beside it', () => {
    ring.apply({
      upserted: [],
      removed: [],
      tokens: { project: 'main', settings: { ...settings, dbAnonRole: null } },
    });
    equal(
      codeOf(() => enter({ apikey: publicKey })),
      'MF213',
    );
    equal(who({ apikey: publicKey, authorization: `Bearer ${token}` }).role, 'author');
  });

  it('the scopes of a key hold for the token beside it', () => {
    const handle = enter({ apikey: narrowKey, authorization: `Bearer ${token}` });
    ring.authorize(handle, 'select', 'notes');
    throws(() => ring.authorize(handle, 'select', 'secrets'), { code: 'MF206' });
  });

  it('a project without settings of its own has anon, until it gets some', () => {
    const handle = enter({ apikey: shopKey }, 'shop');
    equal(ring.open(handle).role, 'anon');
    ring.apply({ upserted: [], removed: [], tokens: { project: 'shop', settings } });
    throws(() => ring.open(handle), { code: 'MF210' });
    equal(who({ apikey: shopKey }, 'shop').role, 'stranger');
  });

  it('new settings void the handles and verified tokens of the old ones', () => {
    const handles = [enter({ authorization: `Bearer ${token}` }), enter({ apikey: publicKey })];
    const other = { ...settings, jwtSecret: `${secret}${secret}` };
    ring.apply({ upserted: [], removed: [], tokens: { project: 'main', settings: other } });
    for (const handle of handles) throws(() => ring.open(handle), { code: 'MF210' });
    equal(
      codeOf(() => enter({ authorization: `Bearer ${token}` })),
      'MF211',
    );
    ring.open(enter({ apikey: secretKey }));
  });

  it('a key that is gone voids what came in beside it', () => {
    const handles = [
      enter({ apikey: publicKey, authorization: `Bearer ${token}` }),
      enter({ apikey: publicKey }),
    ];
    const alone = enter({ authorization: `Bearer ${token}` });
    ring.apply({ upserted: [], removed: ['k-public'] });
    for (const handle of handles) throws(() => ring.open(handle), { code: 'MF210' });
    equal(ring.open(alone).role, 'author');
  });

  it('a token whose subject is the id of a key is not taken for that key', () => {
    const { keyId } = who({
      authorization: `Bearer ${signJwt({ role: 'author', sub: 'k-secret' }, secret)}`,
    });
    equal(keyId, 'user:k-secret');
    notEqual(keyId, who({ apikey: secretKey }).keyId);
  });

  it('each request of a token has a handle of its own; strangers of a key share one', () => {
    notEqual(enter({ authorization: `Bearer ${token}` }), enter({ authorization: `Bearer ${token}` }));
    equal(enter({ apikey: publicKey }), enter({ apikey: publicKey }));
  });
});
