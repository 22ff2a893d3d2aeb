import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { KeyKeeper } from '../../actors/psu/key-keeper.ts';
import type { KeyDelta } from '../../actors/psu/key-record.ts';
import { KeyRing } from '../../actors/psu/key-ring.ts';
import { KeyStore } from '../../actors/psu/key-store.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CreateKeyRequest } from '../../runtime/protocol/psu.protocol.ts';
import { FakeStorage } from '../support/fake-storage.ts';

describe('the key keeper', function () {
  this.timeout(40_000);
  let storage: FakeStorage;
  let keeper: KeyKeeper;
  let ring: KeyRing;
  let events: string[];
  let clock: number;
  /** What stands between owner and CPU threads. */
  let publish: (delta: KeyDelta) => Promise<void>;

  before(async () => {
    storage = await FakeStorage.create(['main', 'shop']);
  });
  after(() => storage.close());

  async function start(): Promise<KeyKeeper> {
    const made = new KeyKeeper({
      store: new KeyStore({ ask: storage.ask }),
      publish: (delta) => publish(delta),
      announce: (name, { id }) => events.push(`${name} ${id}`),
      now: () => clock,
    });
    await made.load();
    return made;
  }

  beforeEach(async () => {
    await storage.sql('control', 'delete from cp_core.api_keys');
    storage.down = false;
    storage.before = () => {};
    events = [];
    clock = Date.parse('2026-03-01T00:00:00Z');
    ring = new KeyRing(
      (project) => `/p/${project}`,
      () => clock,
    );
    publish = async (delta) => ring.apply(structuredClone(delta));
    keeper = await start();
  });

  const codeAt = (key: string, project = 'main'): string => {
    try {
      ring.authenticate({ project, headers: { apikey: key }, address: '127.0.0.1' });
    } catch (error) {
      return MagFlockError.from(error).code;
    }
    return 'ok';
  };

  it('has a new key at work in the CPU threads before it answers', async () => {
    const created = await keeper.create({ project: 'main', role: 'service_role', name: 'ci' });
    equal(codeAt(created.key), 'ok');
    equal(created.kind, 'secret');
    equal(created.name, 'ci');
    equal(created.shown, `…${created.key.slice(-4)}`);
    deepEqual(events, [`auth.key.created ${created.id}`]);
  });

  it('keeps of a secret key only its hash, and a public one readable', async () => {
    const secret = await keeper.create({ project: 'main', role: 'service_role' });
    const open = await keeper.create({ project: 'main', role: 'anon' });
    const rows = await storage.sql('control', 'select * from cp_core.api_keys order by created_at');
    const text = JSON.stringify(rows);
    ok(!text.includes(secret.key.slice(12, 50)), 'the secret key is in the database');
    ok(text.includes(open.key));
    equal(open.shown, open.key);
    const listed = JSON.stringify(await keeper.list('main'));
    ok(!listed.includes(secret.key.slice(12, 50)));
    ok(!listed.includes('hash'));
  });

  it('answers a creation only after every thread has confirmed', async () => {
    let confirm = (): void => {};
    publish = () => new Promise((resolve) => (confirm = resolve));
    let answered = false;
    const creation = keeper.create({ project: 'main', role: 'anon' }).then(() => (answered = true));
    while ((await storage.sql('control', 'select 1 from cp_core.api_keys')).length === 0) await pause(5);
    await pause(50);
    equal(answered, false);
    confirm();
    await creation;
  });

  it('withdraws a key that not every thread took, and says MF209', async () => {
    publish = () => Promise.reject(new Error('cpu-1 does not answer'));
    await rejects(keeper.create({ project: 'main', role: 'service_role' }), { code: 'MF209' });
    publish = async (delta) => ring.apply(delta);
    const [row] = await keeper.list('main');
    notEqual(row?.revokedAt, null);
    equal(keeper.snapshot().keys.length, 0);
    deepEqual(events, []);
  });

  it('revokes: durable, then out of every thread, then the answer', async () => {
    const { key, id } = await keeper.create({ project: 'main', role: 'service_role' });
    const order: string[] = [];
    storage.after = ({ text }) => void (text.includes('update') && order.push('durable'));
    publish = async (delta) => {
      await pause(20);
      ring.apply(delta);
      order.push('acknowledged');
    };
    const revoked = await keeper.revoke('main', id).finally(() => order.push('answered'));
    storage.after = () => {};
    deepEqual(order, ['durable', 'acknowledged', 'answered']);
    equal(codeAt(key), 'MF204');
    match(revoked.revokedAt ?? '', /^2026-03-01/);
    equal(events.at(-1), `auth.key.revoked ${id}`);
  });

  it('leaves a key at work when its revocation is not durable, and says so', async () => {
    const { key, id } = await keeper.create({ project: 'main', role: 'service_role' });
    storage.down = true;
    await rejects(keeper.revoke('main', id), { code: 'MF503' });
    equal(codeAt(key), 'ok');
    storage.down = false;
    await keeper.revoke('main', id);
    equal(codeAt(key), 'MF204');
  });

  it('reports a revocation that a thread did not confirm, though it holds; once more pushes again', async () => {
    const { key, id } = await keeper.create({ project: 'main', role: 'service_role' });
    publish = () => Promise.reject(new Error('cpu-1 does not answer'));
    await rejects(keeper.revoke('main', id), { code: 'MF209', retryable: true });
    equal(codeAt(key), 'ok');
    publish = async (delta) => ring.apply(delta);
    // The clock moves on: the time of the revocation stays the first one.
    clock += 60_000;
    const revoked = await keeper.revoke('main', id);
    equal(codeAt(key), 'MF204');
    equal(revoked.revokedAt, '2026-03-01T00:00:00.000Z');
  });

  it('still knows a revoked key as revoked after a restart', async () => {
    const { key, id } = await keeper.create({ project: 'main', role: 'service_role' });
    await keeper.revoke('main', id);
    ring.replace((await start()).snapshot());
    equal(codeAt(key), 'MF204');
  });

  it('has the keys of the database after a restart, with their scopes', async () => {
    const scopes = {
      tables: ['track'],
      operations: ['select'],
      addresses: ['10.0.0.0/8'],
      limits: { cost: 99.5, rows: 200, bytes: 1, depth: 0, timeMs: 500 },
    } as const;
    const { id } = await keeper.create({ project: 'main', role: 'anon', scopes });
    deepEqual((await start()).snapshot(), keeper.snapshot());
    deepEqual(keeper.snapshot().keys.find((key) => key.id === id)?.scopes, scopes);
  });

  it('rotates to a key of the same role and scopes, the old one ends at once', async () => {
    const scopes = { tables: ['track'] };
    const old = await keeper.create({ project: 'main', role: 'service_role', name: 'ci', scopes });
    const fresh = await keeper.rotate('main', old.id);
    notEqual(fresh.key, old.key);
    deepEqual([fresh.role, fresh.name, fresh.scopes], [old.role, old.name, old.scopes]);
    equal(codeAt(old.key), 'MF204');
    equal(codeAt(fresh.key), 'ok');
    const [row] = await storage.sql(
      'control',
      'select replaced_by::text from cp_core.api_keys where id = $1',
      [old.id],
    );
    equal(row.replaced_by, fresh.id);
  });

  it('rotates with a time of grace that outlives a restart', async () => {
    const old = await keeper.create({ project: 'main', role: 'service_role' });
    const fresh = await keeper.rotate('main', old.id, 60);
    ring.replace((await start()).snapshot());
    equal(codeAt(old.key), 'ok');
    equal(codeAt(fresh.key), 'ok');
    clock += 60_000;
    equal(codeAt(old.key), 'MF204');
    equal(codeAt(fresh.key), 'ok');
  });

  it('can end the time of grace early', async () => {
    const old = await keeper.create({ project: 'main', role: 'service_role' });
    await keeper.rotate('main', old.id, 3600);
    await keeper.revoke('main', old.id);
    equal(codeAt(old.key), 'MF204');
    ring.replace((await start()).snapshot());
    equal(codeAt(old.key), 'MF204');
  });

  it('does not rotate a key that is revoked', async () => {
    const { id } = await keeper.create({ project: 'main', role: 'anon' });
    await keeper.revoke('main', id);
    await rejects(keeper.rotate('main', id), { code: 'MF208' });
  });

  it('keeps an ephemeral key out of the database, shows it while it lives, and forgets it when revoked', async () => {
    const { key, id } = await keeper.create({ project: 'main', role: 'service_role', ephemeral: true });
    equal(codeAt(key), 'ok');
    deepEqual(await storage.sql('control', 'select 1 from cp_core.api_keys'), []);
    deepEqual(
      (await keeper.list('main')).map((info) => info.id),
      [id],
    );
    equal((await start()).snapshot().keys.length, 0);
    await keeper.revoke('main', id);
    equal(codeAt(key), 'MF202');
    deepEqual(await keeper.list('main'), []);
  });

  it('makes the first keys of a project once', async () => {
    const first = await keeper.firstKeys('main');
    ok(first);
    equal(codeAt(first.publicKey.key), 'ok');
    equal(codeAt(first.secretKey.key), 'ok');
    equal(first.publicKey.role, 'anon');
    equal(first.secretKey.role, 'service_role');
    equal(await keeper.firstKeys('main'), null);
    await keeper.revoke('main', first.publicKey.id);
    await keeper.revoke('main', first.secretKey.id);
    equal(await (await start()).firstKeys('main'), null);
  });

  it('makes the first keys once when asked twice at the same time', async () => {
    const both = await Promise.all([keeper.firstKeys('main'), keeper.firstKeys('main')]);
    equal(both.filter((keys) => keys !== null).length, 1);
    equal((await keeper.list('main')).length, 2);
  });

  it('knows no key of another project by its id', async () => {
    const { id, key } = await keeper.create({ project: 'shop', role: 'service_role' });
    await rejects(keeper.revoke('main', id), { code: 'MF207' });
    await rejects(keeper.rotate('main', id), { code: 'MF207' });
    deepEqual(await keeper.list('main'), []);
    equal(codeAt(key, 'shop'), 'ok');
    equal(codeAt(key, 'main'), 'MF205');
  });

  it('makes no key for a project that is not there', async () => {
    await rejects(keeper.create({ project: 'nowhere', role: 'anon' }), { code: 'MF508' });
  });

  it('lets a project of the same ref inherit nothing', async () => {
    await storage.addProject('again');
    const old = await keeper.create({ project: 'again', role: 'service_role' });
    const passing = await keeper.create({ project: 'again', role: 'anon', ephemeral: true });
    await storage.removeProject('again');
    await storage.addProject('again');
    const fresh = await keeper.create({ project: 'again', role: 'service_role' });
    // The news of removal and creation come late and together.
    await Promise.all([keeper.reload('again'), keeper.reload('again')]);
    equal(codeAt(old.key, 'again'), 'MF202');
    equal(codeAt(passing.key, 'again'), 'MF202');
    equal(codeAt(fresh.key, 'again'), 'ok');
    await storage.removeProject('again');
  });

  const faulty: readonly [name: string, request: unknown, field: string][] = [
    ['a role that is none', { project: 'main', role: 'postgres' }, 'role'],
    ['a role of the next issue', { project: 'main', role: 'authenticated' }, 'role'],
    ['a ref that is none', { project: "x'; drop", role: 'anon' }, 'project'],
    ['an empty name', { project: 'main', role: 'anon', name: '' }, 'name'],
    ['a name with a line feed', { project: 'main', role: 'anon', name: 'a\nb' }, 'name'],
    ['a name with an escape', { project: 'main', role: 'anon', name: 'a\u001b[31m' }, 'name'],
    ['a misspelt scope', { project: 'main', role: 'anon', scopes: { table: ['x'] } }, 'scopes.table'],
    ['scopes as a list', { project: 'main', role: 'anon', scopes: [] }, 'scopes'],
    ['no tables', { project: 'main', role: 'anon', scopes: { tables: [] } }, 'scopes.tables'],
    ['tables as text', { project: 'main', role: 'anon', scopes: { tables: 'track' } }, 'scopes.tables'],
    [
      'an unknown operation',
      { project: 'main', role: 'anon', scopes: { operations: ['truncate'] } },
      'scopes.operations',
    ],
    [
      'an address that is none',
      { project: 'main', role: 'anon', scopes: { addresses: ['10.0.0.0/99'] } },
      'scopes.addresses',
    ],
    ['no limits', { project: 'main', role: 'anon', scopes: { limits: {} } }, 'scopes.limits'],
    ['a misspelt limit', { project: 'main', role: 'anon', scopes: { limits: { row: 1 } } }, 'scopes.limits'],
    ['no rows at all', { project: 'main', role: 'anon', scopes: { limits: { rows: 0 } } }, 'scopes.limits'],
    [
      'a limit as text',
      { project: 'main', role: 'anon', scopes: { limits: { cost: '5' } } },
      'scopes.limits',
    ],
    ['an end in the past', { project: 'main', role: 'anon', scopes: { expiresAt: 1 } }, 'scopes.expiresAt'],
    [
      'an end as text',
      { project: 'main', role: 'anon', scopes: { expiresAt: '2030-01-01' } },
      'scopes.expiresAt',
    ],
  ];
  for (const [name, request, field] of faulty) {
    it(`refuses ${name}, naming ${field}`, async () => {
      await rejects(
        async () => keeper.create(request as CreateKeyRequest),
        (error: MagFlockError) => error.code === 'MF208' && error.details?.['field'] === field,
      );
      deepEqual(await keeper.list('main'), []);
    });
  }
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
