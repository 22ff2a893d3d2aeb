import { deepEqual, equal, notDeepEqual, notEqual, ok, throws } from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { keyHash } from '../../actors/psu/key-hash.ts';
import type { KeyRecord } from '../../actors/psu/key-record.ts';
import { KeyRing } from '../../actors/psu/key-ring.ts';
import { macKey } from '../../actors/psu/mac-key.ts';
import { makeKey } from '../../actors/psu/make-key.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { IdentityHandle, KeyScopes } from '../../runtime/protocol/identity.protocol.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return MagFlockError.from(error).code;
  }
  return 'none';
}

function recordFor(key: string, id: string, changes: Partial<KeyRecord> = {}): KeyRecord {
  const [, kind, project = ''] = key.split('_');
  const role = kind === 'pub' ? 'anon' : 'service_role';
  return {
    id,
    project,
    role,
    hash: Buffer.from(keyHash(key), 'binary').toString('hex'),
    scopes: {},
    revokedAt: null,
    ...changes,
  };
}

describe('the key ring', () => {
  const secret = makeKey('secret', 'main');
  const publicKey = makeKey('public', 'main');
  const shopKey = makeKey('secret', 'shop');
  const revoked = makeKey('secret', 'main');
  const ending = makeKey('secret', 'main');
  const expired = makeKey('secret', 'main');
  const alive = makeKey('secret', 'main');
  const officeOnly = makeKey('secret', 'main');
  const unknown = makeKey('secret', 'main');
  const mistyped = `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`;
  let ring: KeyRing;
  let clock: number;

  beforeEach(() => {
    clock = now;
    ring = new KeyRing(
      (project) => `/p/${project}`,
      () => clock,
    );
    ring.replace({
      keys: [
        recordFor(secret, 'k-secret'),
        recordFor(publicKey, 'k-public'),
        recordFor(shopKey, 'k-shop'),
        recordFor(revoked, 'k-revoked', { revokedAt: now }),
        recordFor(ending, 'k-ending', { revokedAt: now + 1000 }),
        recordFor(expired, 'k-expired', { scopes: { expiresAt: now } }),
        recordFor(alive, 'k-alive', { scopes: { expiresAt: now + 1 } }),
        recordFor(officeOnly, 'k-office', { scopes: { addresses: ['10.0.0.0/8', '::1'] } }),
      ],
    });
  });

  const authenticate = (headers: Record<string, string>, project = 'main', address = '127.0.0.1') =>
    ring.authenticate({ project, headers, address });

  const rows: readonly [
    name: string,
    headers: Record<string, string>,
    project: string,
    address: string,
    code: string,
  ][] = [
    ['no key', {}, 'main', '127.0.0.1', 'MF201'],
    ['an empty key', { 'x-api-key': '' }, 'main', '127.0.0.1', 'MF201'],
    ['another scheme', { authorization: 'Basic eDp5' }, 'main', '127.0.0.1', 'MF201'],
    ['no key of ours', { 'x-api-key': 'hello' }, 'main', '127.0.0.1', 'MF202'],
    ['an unknown key', { 'x-api-key': unknown }, 'main', '127.0.0.1', 'MF202'],
    ['a mistyped key', { 'x-api-key': mistyped }, 'main', '127.0.0.1', 'MF203'],
    ['a revoked key', { 'x-api-key': revoked }, 'main', '127.0.0.1', 'MF204'],
    ['an expired key', { 'x-api-key': expired }, 'main', '127.0.0.1', 'MF204'],
    ['a key of another project', { 'x-api-key': shopKey }, 'main', '127.0.0.1', 'MF205'],
    ['an unknown key of another project', { 'x-api-key': makeKey('secret', 'x') }, 'main', '::1', 'MF205'],
    ['a key from outside its addresses', { 'x-api-key': officeOnly }, 'main', '127.0.0.1', 'MF206'],
    ['a key from no address', { 'x-api-key': officeOnly }, 'main', '', 'MF206'],
    ['a wrong key before a right one', { 'x-api-key': unknown, apikey: secret }, 'main', '::1', 'MF202'],
    ['a secret key', { 'x-api-key': secret }, 'main', '127.0.0.1', 'none'],
    ['a public key', { apikey: publicKey }, 'main', '127.0.0.1', 'none'],
    ['a bearer', { authorization: `Bearer ${secret}` }, 'main', '127.0.0.1', 'none'],
    ['a key at its own project', { 'x-api-key': shopKey }, 'shop', '127.0.0.1', 'none'],
    ['a rotated key in its time of grace', { 'x-api-key': ending }, 'main', '127.0.0.1', 'none'],
    ['a key a millisecond before its end', { 'x-api-key': alive }, 'main', '127.0.0.1', 'none'],
    ['a key from its addresses', { 'x-api-key': officeOnly }, 'main', '10.1.1.1', 'none'],
    ['a key from its addresses, mapped', { 'x-api-key': officeOnly }, 'main', '::ffff:10.1.1.1', 'none'],
  ];
  for (const [name, headers, project, address, code] of rows) {
    it(`answers ${code === 'none' ? 'a handle' : code} to ${name}`, () => {
      equal(
        codeOf(() => authenticate(headers, project, address)),
        code,
      );
    });
  }

  it('never names the presented key in an error', () => {
    for (const key of [unknown, mistyped, revoked, shopKey, officeOnly]) {
      try {
        authenticate({ 'x-api-key': key });
        ok(false, 'was let in');
      } catch (error) {
        const text = JSON.stringify(MagFlockError.from(error).toEnvelope());
        ok(!text.includes(key.slice(-20)), text);
      }
    }
  });

  it('ends a time of grace without being told', () => {
    clock = now + 1000;
    equal(
      codeOf(() => authenticate({ 'x-api-key': ending })),
      'MF204',
    );
  });

  it('opens a handle to role, project and claims', () => {
    const identity = ring.open(authenticate({ 'x-api-key': secret }));
    equal(identity.role, 'service_role');
    equal(identity.project, 'main');
    equal(identity.keyId, 'k-secret');
    deepEqual(JSON.parse(identity.claims), {
      role: 'service_role',
      iss: '/p/main',
      ref: 'main',
      key_id: 'k-secret',
    });
    equal(ring.open(authenticate({ apikey: publicKey })).role, 'anon');
    throws(() => {
      (identity as { role: string }).role = 'service_role';
    }, TypeError);
  });

  describe('refuses a handle that', () => {
    const forged: readonly [name: string, make: (real: IdentityHandle, other: KeyRing) => unknown][] = [
      ['is made up', () => ({})],
      ['is frozen and bare like a real one', () => Object.freeze(Object.create(null))],
      ['is a copy', (real) => ({ ...real })],
      ['was cloned, as between threads', (real) => structuredClone(real)],
      ['inherits from a real one', (real) => Object.create(real as object)],
      ['wraps a real one', (real) => new Proxy(real as object, {})],
      ['carries what an identity has', () => ({ role: 'service_role', project: 'main', keyId: 'x' })],
      ['comes from another ring', (_real, other) => other.authenticate(shop())],
      ['is null', () => null],
      ['is undefined', () => undefined],
      ['is text', () => 'service_role'],
    ];
    const shop = () => ({ project: 'shop', headers: { 'x-api-key': shopKey }, address: '::1' });
    for (const [name, make] of forged) {
      it(name, () => {
        const other = new KeyRing(() => '/', Date.now);
        other.replace({ keys: [recordFor(shopKey, 'k-shop')] });
        const handle = make(authenticate({ 'x-api-key': secret }), other) as IdentityHandle;
        equal(
          codeOf(() => ring.open(handle)),
          'MF210',
        );
        equal(
          codeOf(() => ring.authorize(handle, 'select', 'track')),
          'MF210',
        );
      });
    }
  });

  it('gives the same frozen handle for the same key, and nothing to read on it', () => {
    const handle = authenticate({ 'x-api-key': secret });
    equal(authenticate({ apikey: secret }), handle);
    ok(Object.isFrozen(handle));
    deepEqual(Reflect.ownKeys(handle), []);
    equal(Object.getPrototypeOf(handle), null);
  });

  it('voids handles given out before the revocation', () => {
    const handle = authenticate({ 'x-api-key': secret });
    ring.apply({ upserted: [recordFor(secret, 'k-secret', { revokedAt: now })], removed: [] });
    equal(
      codeOf(() => ring.open(handle)),
      'MF210',
    );
    equal(
      codeOf(() => authenticate({ 'x-api-key': secret })),
      'MF204',
    );
  });

  it('forgets a removed key without a trace, and leaves the others', () => {
    ring.apply({ upserted: [], removed: ['k-secret', 'no such id'] });
    equal(
      codeOf(() => authenticate({ 'x-api-key': secret })),
      'MF202',
    );
    notEqual(authenticate({ apikey: publicKey }), undefined);
  });

  it('knows only what the last snapshot has', () => {
    ring.replace({ keys: [recordFor(unknown, 'k-new')] });
    equal(ring.size, 1);
    equal(
      codeOf(() => authenticate({ 'x-api-key': secret })),
      'MF202',
    );
    equal(ring.open(authenticate({ 'x-api-key': unknown })).keyId, 'k-new');
  });

  describe('scopes', () => {
    const scoped: readonly [scopes: KeyScopes, operation: string, table: string, code: string][] = [
      [{}, 'delete', 'track', 'none'],
      [{ operations: ['select'] }, 'select', 'track', 'none'],
      [{ operations: ['select'] }, 'delete', 'track', 'MF206'],
      [{ operations: ['insert', 'update'] }, 'update', 'track', 'none'],
      [{ tables: ['track'] }, 'select', 'track', 'none'],
      [{ tables: ['track'] }, 'select', 'album', 'MF206'],
      [{ tables: ['track'] }, 'select', 'Track', 'MF206'],
      [{ tables: ['track'], operations: ['select'] }, 'select', 'album', 'MF206'],
      [{ tables: ['track'], operations: ['select'] }, 'insert', 'track', 'MF206'],
      [{ tables: ['*'] }, 'select', 'track', 'MF206'],
    ];
    for (const [scopes, operation, table, code] of scoped) {
      it(`${JSON.stringify(scopes)} answers ${code} to ${operation} of ${table}`, () => {
        ring.apply({ upserted: [recordFor(secret, 'k-secret', { scopes })], removed: [] });
        const handle = authenticate({ 'x-api-key': secret });
        equal(
          codeOf(() => ring.authorize(handle, operation as 'select', table)),
          code,
        );
      });
    }
  });

  it('authenticates in a few microseconds', () => {
    const facts = { project: 'main', headers: { 'x-api-key': secret }, address: '127.0.0.1' };
    for (let round = 0; round < 20_000; round++) ring.authenticate(facts);
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 5; attempt++) {
      const start = process.hrtime.bigint();
      for (let round = 0; round < 5000; round++) ring.authenticate(facts);
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 5000 / 1000);
    }
    // Measured at 2 to 3 µs; the limit only catches a change of kind.
    ok(best < 25, `${best.toFixed(2)} µs`);
  });

  it('makes codes under the key that its owner gave, and none without one', () => {
    throws(() => ring.mac('cursors', 'x'), { code: 'MF210' });
    const cursors = macKey('ab'.repeat(32), 'cursors');
    ring.replace({ keys: [], cursors });
    const made = ring.mac('cursors', 'x');
    equal(made.length, 32);
    deepEqual(createHmac('sha256', Buffer.from(cursors, 'hex')).update('x').digest(), made);
    notDeepEqual(ring.mac('cursors', 'y'), made);
    ring.replace({ keys: [], cursors: macKey('cd'.repeat(32), 'cursors') });
    notDeepEqual(ring.mac('cursors', 'x'), made);
  });
});
