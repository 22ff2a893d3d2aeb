import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '../../../runtime/errors/error-catalog.ts';
import type { Permission } from '../../../runtime/protocol/extension-manifest.ts';
import { extensionPaths } from '../../../sandbox/lifecycle/extension-paths.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  basicPermissions,
  type LifecycleWorld,
  lifecycleWorld,
  type PackageWish,
  whatIsThere,
} from './lifecycle-world.ts';

const fetchPermission: Permission = { capability: 'net.fetch', scope: ['example.com'], reason: 'sends' };
const required = basicPermissions.filter(({ optional }) => optional !== true);

describe('life cycle of an extension', () => {
  const folder = temporaryFolder();
  let world: LifecycleWorld;

  beforeEach(async () => {
    world = await lifecycleWorld(folder());
  });
  afterEach(() => world.lifecycle.stop());

  const install = (wish: PackageWish = {}, grants: readonly Permission[] = basicPermissions) =>
    world.lifecycle.install({ file: world.pack(wish), projects: ['main'], grants });
  const again = async (): Promise<void> => {
    await world.lifecycle.stop();
    world = await lifecycleWorld(folder());
    await world.lifecycle.recover();
    await world.lifecycle.startAll();
  };

  describe('install', () => {
    it('ends with it running, with its login, its migrations and its event', async () => {
      const info = await install();
      assert.deepEqual(
        [info.id, info.version, info.state, info.projects],
        ['acme.orders', '1.0.0', 'idle', ['main']],
      );
      assert.ok(world.told.includes('event extension.installed {"id":"acme.orders","version":"1.0.0"}'));
      const order = [
        'login main orders',
        'up main 1',
        'runtime.install acme.orders main',
        'runtime.start acme.orders 1.0.0',
      ];
      assert.deepEqual(
        world.told.filter((what) => order.includes(what)),
        order,
      );
    });

    const refusals: readonly [string, PackageWish, readonly Permission[], ErrorCode, RegExp][] = [
      ['no grant of what it needs', {}, [], 'MF669', /nobody has approved: .*orders/],
      ['part of what it needs', {}, [required[0]!], 'MF669', /orders/],
      [
        'more than it asks for',
        {},
        [...basicPermissions, fetchPermission],
        'MF669',
        /does not ask for net\.fetch/,
      ],
      [
        'a wider scope than it asks for',
        {},
        [{ ...required[1]!, scope: ['*'] }, required[0]!],
        'MF669',
        /\*/,
      ],
      ['no signature', { signature: 'unsigned' }, basicPermissions, 'MF667', /no signature that counts/],
      ['an altered package', { signature: 'modified' }, basicPermissions, 'MF667', /modified/],
      ['another engine', { needs: '>=99' }, basicPermissions, 'MF668', />=99/],
      [
        'a missing dependency',
        { dependencies: { 'acme.base': '1' } },
        basicPermissions,
        'MF668',
        /acme\.base/,
      ],
    ];
    for (const [title, wish, grants, code, message] of refusals) {
      it(`refuses ${title} with ${code}, and nothing is left`, async () => {
        const before = whatIsThere(folder());
        await assert.rejects(install(wish, grants), { code, message });
        assert.deepEqual(whatIsThere(folder()), before);
      });
    }

    it('lets an unsigned one in where the operator said so', async () => {
      const file = world.pack({ signature: 'unsigned' });
      const info = await world.lifecycle.install({
        file,
        projects: ['main'],
        grants: required,
        allowUnsigned: true,
      });
      assert.deepEqual([info.trust, info.signature], ['unsigned', 'unsigned']);
    });

    it('takes no second one of the same id, or name', async () => {
      await install();
      await assert.rejects(install(), { code: 'MF668', message: /installed already/ });
      await assert.rejects(install({ id: 'evil.orders' }), { code: 'MF668', message: /orders is taken/ });
    });

    it('of two at the same moment one wins, and nothing of the other is left', async () => {
      const outcomes = await Promise.allSettled([install(), install({ version: '1.0.1' })]);
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      assert.equal((whatIsThere(folder()) as { packages: number }).packages, 1);
    });

    const paths: readonly [string, () => string][] = [
      ['a relative path', () => 'orders.magx'],
      ['a folder', () => folder()],
      ['a device', () => '/dev/zero'],
      ['nothing', () => join(folder(), 'missing.magx')],
      [
        'a link',
        () => {
          symlinkSync(world.pack(), join(folder(), 'link.magx'));
          return join(folder(), 'link.magx');
        },
      ],
      [
        'more than 16 MiB',
        () => {
          writeFileSync(join(folder(), 'large.magx'), '');
          truncateSync(join(folder(), 'large.magx'), 16 * 1024 * 1024 + 1);
          return join(folder(), 'large.magx');
        },
      ],
    ];
    for (const [title, path] of paths) {
      it(`does not read ${title}`, async () => {
        await assert.rejects(world.lifecycle.review({ file: path() }), { code: 'MF666' });
      });
    }

    it('gives the configuration with its defaults, and refuses one that does not fit', async () => {
      const config = {
        type: 'object',
        properties: { column: { type: 'string', default: 'slug' }, length: { type: 'number' } },
      };
      const file = world.pack({ config });
      const wish = { file, projects: ['main'], grants: required };
      const faulty: [config: Record<string, string>, fix: string][] = [
        [{ length: 'long' }, 'give it with --set name=value'],
        [{ colum: 'slug' }, 'it has column, length'],
      ];
      for (const [given, fix] of faulty) {
        await assert.rejects(world.lifecycle.install({ ...wish, config: given }), { code: 'MF668', fix });
      }
      await world.lifecycle.install({ ...wish, config: { length: 3 } });
      assert.deepEqual(world.lifecycle.installed()[0]?.config, { column: 'slug', length: 3 });
    });

    it('a migration that fails half way takes the others back', async () => {
      const before = whatIsThere(folder());
      world.broken.add('up');
      await assert.rejects(install({ migrations: 3 }), /up is broken/);
      assert.deepEqual(whatIsThere(folder()), before);
    });
  });

  describe('update', () => {
    beforeEach(() => install());
    const update = (wish: PackageWish, grants?: readonly Permission[]) =>
      world.lifecycle.update({ file: world.pack(wish), projects: [], ...(grants && { grants }) });

    it('swaps, keeps the grants, and frees the old version', async () => {
      const info = await update({ version: '1.1.0', migrations: 2 });
      assert.deepEqual([info.version, info.staged], ['1.1.0', null]);
      assert.equal(info.grants.length, basicPermissions.length);
      const there = whatIsThere(folder()) as { packages: number; installed: string[] };
      assert.equal(there.packages, 1);
      assert.ok(!there.installed.some((path) => path.includes('1.0.0')));
      assert.ok(world.told.includes('runtime.replace acme.orders 1.1.0'));
      assert.ok(!world.told.includes('runtime.stop acme.orders'));
    });

    const refusals: readonly [string, PackageWish, ErrorCode, RegExp][] = [
      ['an older version', { version: '0.9.0' }, 'MF668', /older/],
      ['another package of the same version', { migrations: 2 }, 'MF668', /another package/],
      ['one without signature', { version: '1.1.0', signature: 'unsigned' }, 'MF667', /is signed/],
      ['another publisher', { version: '1.1.0', publisher: 'evil' }, 'MF667', /from evil/],
      ['another name', { version: '1.1.0', name: 'other' }, 'MF668', /called orders here/],
      ['fewer migrations than are in force', { version: '1.1.0', migrations: 0 }, 'MF668', /knows 0/],
    ];
    for (const [title, wish, code, message] of refusals) {
      it(`refuses ${title}; the old one serves`, async () => {
        const before = whatIsThere(folder());
        await assert.rejects(update(wish), { code, message });
        assert.deepEqual(whatIsThere(folder()), before);
        assert.equal((await world.lifecycle.info({ id: 'orders' })).state, 'idle');
      });
    }

    it('one that does not come up is rolled back, migrations and login too', async () => {
      const before = whatIsThere(folder());
      world.broken.add('runtime.replace');
      await assert.rejects(update({ version: '1.1.0', migrations: 3 }), /replace is broken/);
      assert.deepEqual(whatIsThere(folder()), before);
      assert.ok(world.told.includes('down main 1'));
    });

    it('one that asks for more waits, also over a start; refused, it is gone', async () => {
      const permissions = [...basicPermissions, fetchPermission];
      const info = await update({ version: '2.0.0', permissions });
      assert.deepEqual([info.version, info.staged?.version], ['1.0.0', '2.0.0']);
      assert.deepEqual(info.staged?.permissions, [fetchPermission]);
      await again();
      assert.equal((await world.lifecycle.info({ id: 'orders' })).staged?.version, '2.0.0');
      await assert.rejects(world.lifecycle.decideUpdate({ id: 'orders', accept: true }), {
        code: 'MF669',
        message: /example\.com/,
      });
      const refused = await world.lifecycle.decideUpdate({ id: 'orders', accept: false });
      assert.deepEqual([refused.version, refused.staged], ['1.0.0', null]);
      assert.equal((whatIsThere(folder()) as { packages: number }).packages, 1);
    });

    it('accepted, it takes over with what was approved, and no more', async () => {
      await update({ version: '2.0.0', permissions: [...basicPermissions, fetchPermission] });
      const info = await world.lifecycle.decideUpdate({
        id: 'orders',
        accept: true,
        grants: [fetchPermission],
      });
      assert.deepEqual([info.version, info.staged], ['2.0.0', null]);
      assert.deepEqual(info.grants.map(({ capability }) => capability).sort(), [
        'cache',
        'db.read',
        'db.schema',
        'net.fetch',
      ]);
    });

    it('what was revoked before stays revoked', async () => {
      await world.lifecycle.grant({ id: 'orders', capability: 'cache', scope: [] });
      const info = await update({ version: '1.1.0' });
      assert.ok(!info.grants.some(({ capability }) => capability === 'cache'));
    });

    it('the same package again adds a project', async () => {
      const info = await world.lifecycle.update({ file: world.pack(), projects: ['shop'] });
      assert.deepEqual(info.projects, ['main', 'shop']);
      assert.ok(world.told.includes('runtime.install acme.orders shop'));
      assert.equal((whatIsThere(folder()) as { packages: number }).packages, 1);
    });
  });

  describe('grants', () => {
    beforeEach(() => install());

    it('narrowed, the runtime knows before the databases are asked, and the login has less', async () => {
      world.told.length = 0;
      await world.lifecycle.grant({ id: 'orders', capability: 'db.read', scope: [] });
      assert.match(world.told[0]!, /^regrant acme.orders /);
      assert.ok(!world.told[0]!.includes('db.read'));
      assert.equal(world.told[1], 'login main ');
    });

    it('widened, the runtime knows last', async () => {
      await world.lifecycle.grant({ id: 'orders', capability: 'db.read', scope: [] });
      world.told.length = 0;
      await world.lifecycle.grant({ id: 'orders', capability: 'db.read', scope: ['orders'] });
      assert.ok(!world.told[0]!.includes('db.read'));
      assert.deepEqual([world.told[1], /db\.read/.test(world.told[2]!)], ['login main orders', true]);
    });

    it('never beyond what the manifest asks for', async () => {
      const wider = { id: 'orders', capability: 'db.read', scope: ['customers'] } as const;
      await assert.rejects(world.lifecycle.grant(wider), { code: 'MF669' });
      const other = { id: 'orders', capability: 'net.fetch', scope: ['a.b'] } as const;
      await assert.rejects(world.lifecycle.grant(other), { code: 'MF669' });
    });

    it('end at their time, in the lock file and in the databases, also when the machine was off', async () => {
      const end = new Date(world.clock + 60_000).toISOString();
      await world.lifecycle.grant({ id: 'orders', capability: 'db.read', scope: ['orders'], expiresAt: end });
      await world.lifecycle.stop();
      const clock = world.clock + 120_000;
      world = await lifecycleWorld(folder());
      world.clock = clock;
      await world.lifecycle.recover();
      const { grants } = await world.lifecycle.info({ id: 'orders' });
      assert.ok(!grants.some(({ capability }) => capability === 'db.read'));
      assert.ok(world.told.includes('login main '));
      assert.ok(world.told.includes('audit extension.grant.expire acme.orders'));
    });

    it('that a database kept from ending are gone from the runtime, and from the database with the next act', async () => {
      world.broken.add('login');
      const revoke = { id: 'orders', capability: 'db.read', scope: [] } as const;
      await assert.rejects(world.lifecycle.grant(revoke), /login is broken/);
      const held = () => (world.grantsInRuntime.get('acme.orders') ?? []).map(({ capability }) => capability);
      assert.ok(!held().includes('db.read'));
      world.told.length = 0;
      await world.lifecycle.disable({ id: 'orders' });
      assert.equal(world.told[0], 'login main ');
      assert.deepEqual((whatIsThere(folder()) as { journal: unknown[] }).journal, []);
    });

    it('are given again in a project whose tables changed, to those that have some there', async () => {
      const cache = basicPermissions.filter(({ capability }) => capability === 'cache');
      await install({ id: 'acme.cached', permissions: cache, migrations: 0 }, cache);
      world.told.length = 0;
      await world.lifecycle.schemaChanged('elsewhere');
      assert.deepEqual(world.told, []);
      world.broken.add('login');
      await world.lifecycle.schemaChanged('main');
      await world.lifecycle.schemaChanged('main');
      assert.deepEqual(world.told, ['login main orders', 'login main orders']);
    });

    it('do not end in the past', async () => {
      const expiresAt = new Date(world.clock - 1).toISOString();
      const wish = { id: 'orders', capability: 'cache', scope: ['*'], expiresAt } as const;
      await assert.rejects(world.lifecycle.grant(wish), { code: 'MF100' });
    });
  });

  describe('out of service', () => {
    beforeEach(() => install());
    const state = async (): Promise<string> => (await world.lifecycle.info({ id: 'orders' })).state;

    it('disabled it stays stopped over a start, until it is enabled', async () => {
      await world.lifecycle.disable({ id: 'orders' });
      await again();
      assert.equal(await state(), 'disabled');
      assert.ok(!world.told.some((what) => what.startsWith('runtime.start')));
      await world.lifecycle.enable({ id: 'orders' });
      assert.equal(await state(), 'idle');
    });

    it('in quarantine it stays over a start; enabling is no way out, release is', async () => {
      await world.lifecycle.quarantine({ id: 'orders', reason: 'too greedy' });
      await again();
      const info = await world.lifecycle.info({ id: 'orders' });
      assert.deepEqual([info.state, info.reason], ['quarantined', 'too greedy']);
      await assert.rejects(world.lifecycle.enable({ id: 'orders' }), { code: 'MF663' });
      await world.lifecycle.release({ id: 'orders' });
      assert.equal(await state(), 'idle');
    });

    it('what the runtime quarantined by itself is remembered and audited', async () => {
      await world.lifecycle.quarantined('acme.orders', 'it ended two cages');
      assert.ok(world.told.includes('audit extension.quarantine acme.orders'));
      await again();
      assert.equal(await state(), 'quarantined');
    });

    it('a revoked package is quarantined, and stays there', async () => {
      const sha256 = world.lifecycle.installed()[0]!.sha256;
      const { quarantined } = await world.lifecycle.revoke({ sha256, reason: 'steals' });
      assert.deepEqual(quarantined, ['acme.orders']);
      await assert.rejects(world.lifecycle.release({ id: 'orders' }), { code: 'MF667', message: /steals/ });
    });

    it('a revoked key takes everything that it signed', async () => {
      await install({ id: 'acme.other' });
      const fingerprint = `SHA256:${'k'.repeat(43)}`;
      const { quarantined } = await world.lifecycle.revoke({ fingerprint, reason: 'stolen' });
      assert.deepEqual([...quarantined].sort(), ['acme.orders', 'acme.other']);
    });

    it('files that were altered on the disk do not run', async () => {
      writeFileSync(join(world.lifecycle.installed()[0]!.folder, 'extension.js'), 'evil()');
      await again();
      const info = await world.lifecycle.info({ id: 'orders' });
      assert.deepEqual([info.state, /altered/.test(info.reason ?? '')], ['quarantined', true]);
    });

    it('one that does not start does not keep the others from starting', async () => {
      await install({ id: 'acme.other' });
      await world.lifecycle.stop();
      world = await lifecycleWorld(folder());
      world.broken.add('runtime.start');
      await world.lifecycle.recover();
      await world.lifecycle.startAll();
      const states = (await world.lifecycle.list(null)).map((info) => [info.name, info.state]);
      assert.deepEqual(states, [
        ['orders', 'failed'],
        ['other', 'idle'],
      ]);
      // Enabling it is another try.
      await world.lifecycle.enable({ id: 'orders' });
      assert.equal(await state(), 'idle');
    });
  });

  describe('remove', () => {
    beforeEach(() => install());

    it('leaves nothing behind', async () => {
      mkdirSync(extensionPaths(folder()).filesOf('acme.orders'), { recursive: true });
      await world.lifecycle.remove({ id: 'orders' });
      assert.ok(!existsSync(extensionPaths(folder()).filesOf('acme.orders')));
      assert.deepEqual((whatIsThere(folder()) as { databases: object }).databases, {});
      await assert.rejects(world.lifecycle.info({ id: 'orders' }), { code: 'MF665' });
    });

    it('keeps the data when asked to; an installation that fails later does not drop it', async () => {
      await world.lifecycle.remove({ id: 'orders', keepData: true });
      const kept = (whatIsThere(folder()) as { databases: object }).databases;
      assert.deepEqual(kept, { main: { logins: {}, schemas: { ext_orders: 1 } } });
      world.broken.add('runtime.start');
      await assert.rejects(install({ version: '1.1.0', migrations: 2 }), /start is broken/);
      assert.deepEqual((whatIsThere(folder()) as { databases: object }).databases, kept);
    });

    it('goes on although its own code fails', async () => {
      world.broken.add('runtime.uninstall');
      await world.lifecycle.remove({ id: 'orders' });
      assert.deepEqual(world.lifecycle.installed(), []);
    });

    it('that a database kept from ending ends with the next try', async () => {
      world.broken.add('drop');
      await assert.rejects(world.lifecycle.remove({ id: 'orders' }), /drop is broken/);
      assert.deepEqual(await world.lifecycle.list(null), []);
      await world.lifecycle.remove({ id: 'acme.orders' });
      const { databases, journal } = whatIsThere(folder()) as { databases: object; journal: unknown[] };
      assert.deepEqual([databases, journal], [{}, []]);
    });

    it('is refused while another one needs it', async () => {
      await install({ id: 'acme.other', dependencies: { 'acme.orders': '1' } });
      await assert.rejects(world.lifecycle.remove({ id: 'orders' }), { code: 'MF668', message: /other/ });
    });
  });

  it('a project that is removed is taken out of its extensions', async () => {
    await world.lifecycle.install({
      file: world.pack(),
      projects: ['main', 'shop'],
      grants: basicPermissions,
    });
    await world.lifecycle.projectRemoved('shop');
    assert.deepEqual(world.lifecycle.installed()[0]?.projects, ['main']);
  });

  it('one that is removed while an extension is installed there, or while the machine is down, is taken out too', async () => {
    await world.lifecycle.stop();
    let removed: Promise<unknown> = Promise.resolve();
    world = await lifecycleWorld(folder(), (_, step) => {
      if (step === 'login shop') removed = world.lifecycle.projectRemoved('shop');
    });
    const wish = { file: world.pack(), projects: ['main', 'shop', 'late'], grants: basicPermissions };
    assert.deepEqual((await world.lifecycle.install(wish)).projects, ['main', 'late']);
    await removed;
    world.missing.add('late');
    await world.lifecycle.recover();
    assert.deepEqual(world.lifecycle.installed()[0]?.projects, ['main']);
  });

  it('nothing is installed in a project that there is not: who makes it later would find it there', async () => {
    const wish = { file: world.pack(), grants: basicPermissions };
    world.missing.add('shop');
    await assert.rejects(world.lifecycle.install({ ...wish, projects: ['main', 'shop'] }), { code: 'MF508' });
    await world.lifecycle.install({ ...wish, projects: ['main'] });
    await assert.rejects(world.lifecycle.update({ ...wish, projects: ['shop'] }), { code: 'MF508' });
  });

  it('what is revoked while an update is under way is gone before that has ended', async () => {
    await install();
    await world.lifecycle.stop();
    let revoked: Promise<unknown> = Promise.resolve();
    let during: readonly string[] = [];
    world = await lifecycleWorld(folder(), (_, step) => {
      if (step !== 'swap') return;
      revoked = world.lifecycle.grant({ id: 'orders', capability: 'cache', scope: [] });
      during = world.grantsInRuntime.get('acme.orders')?.map(({ capability }) => capability) ?? ['all'];
    });
    await world.lifecycle.update({ file: world.pack({ version: '1.1.0' }), projects: [] });
    assert.deepEqual(during, ['db.schema', 'db.read']);
    await revoked;
    const { grants } = await world.lifecycle.info({ id: 'orders' });
    assert.deepEqual(
      grants.map(({ capability }) => capability),
      during,
    );
  });

  it('a disk that is full is told as that, and leaves nothing behind', async () => {
    await world.lifecycle.stop();
    world = await lifecycleWorld(folder(), (_, step) => {
      if (step === 'commit') throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    });
    const wish = { file: world.pack(), projects: ['main'], grants: basicPermissions };
    await assert.rejects(world.lifecycle.install(wish), { code: 'MF705', message: /the disk is full/ });
    assert.deepEqual(world.lifecycle.installed(), []);
  });

  it('what cannot be ended after a power cut keeps its extension from starting, and is told', async () => {
    await install();
    await world.lifecycle.stop();
    world = await lifecycleWorld(folder(), (_, step) => {
      if (step === 'swap') throw new Error('no');
    });
    world.broken.add('down');
    const wish = { file: world.pack({ version: '1.1.0', migrations: 2 }), projects: [] };
    await assert.rejects(world.lifecycle.update(wish), /no/);
    await world.lifecycle.stop();
    world = await lifecycleWorld(folder());
    world.broken.add('down');
    await world.lifecycle.recover();
    await world.lifecycle.startAll();
    const info = await world.lifecycle.info({ id: 'orders' });
    assert.deepEqual([info.state, /cut off/.test(info.reason ?? '')], ['failed', true]);
    await again();
    assert.equal((await world.lifecycle.info({ id: 'orders' })).state, 'idle');
  });

  it('an unknown extension is answered with the one that was meant', async () => {
    await install();
    await assert.rejects(world.lifecycle.info({ id: 'order' }), {
      code: 'MF665',
      fix: /did you mean orders/,
    });
  });

  it('a damaged lock file stops the part instead of forgetting what was decided', async () => {
    await install();
    writeFileSync(extensionPaths(folder()).lock, '{"format":1');
    await assert.rejects(lifecycleWorld(folder()), { code: 'MF705' });
  });
});
