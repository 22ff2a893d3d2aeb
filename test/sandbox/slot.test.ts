import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { KeyRing } from '../../actors/psu/key-ring.ts';
import { macKey } from '../../actors/psu/mac-key.ts';
import { manifest } from '../../extensions/maggate/manifest.ts';
import type { ReplicaContext } from '../../runtime/placement/define-replica.ts';
import type { Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { GatewayRequest } from '../../runtime/protocol/gateway.protocol.ts';
import type { GatewayContext } from '../../runtime/protocol/gateway-extension.protocol.ts';
import { actor } from '../../sandbox/slot/extension.actor.ts';
import { replica } from '../../sandbox/slot/gateway.replica.ts';
import { slotExtension } from '../../sandbox/slot/slotted-extension.ts';
import { fakeCatalog, fakeTable } from '../maggate/fake-catalog.ts';
import { fakeActorContext } from './fake-actor-context.ts';
import { signingContext } from './signing-gateway.fixture.ts';

const url = (path: string) => new URL(path, import.meta.url).href;
const maggate = {
  module: url('../../extensions/maggate/extension.ts'),
  grants: manifest.permissions,
  config: {},
};
const gateway = { ...maggate, module: url('../../extensions/maggate/gateway.ts') };
const main = fakeCatalog('main', 1, [fakeTable('track', ['id'], 1)]);
const without = (capability: string): readonly Permission[] =>
  manifest.permissions.filter((permission) => permission.capability !== capability);

describe('sandbox: slot', () => {
  it('hosts MagGate: catalogue and changes from Storage, pushes to the replicas, event when started', async () => {
    const context = fakeActorContext({ main });
    const state = await actor.init(context, maggate);
    await actor.start?.(state);
    assert.deepEqual(context.asked, [
      ['storage', 'watch', { project: 'main' }],
      ['storage', 'catalog', { project: 'main' }],
    ]);
    assert.deepEqual(context.emitted, [['extension.started', { id: 'magflock.maggate', version: '0.1.0' }]]);
    assert.deepEqual(actor.getCapabilities?.(state), ['Discovered 1 tables', 'Generated 6 endpoints']);
    assert.deepEqual(actor.snapshot?.(state), { catalogs: [main] });
    assert.deepEqual(await actor.methods.activate(state, { project: 'main' }, undefined as never), {
      version: 1,
      tables: 1,
      endpoints: 6,
    });
    const before = context.published.length;
    context.deliver('database.schema.changed', { project: 'elsewhere' });
    context.deliver('database.schema.changed', { project: 'main' });
    await pause(120);
    assert.equal(context.published.length, before + 1);
    await actor.stop?.(state);
  });

  it('watches again when Storage was restarted, because that forgot who watches', async () => {
    const context = fakeActorContext({ main });
    const state = await actor.init(context, maggate);
    await actor.start?.(state);
    const asked = context.asked.length;
    context.deliver('component.restarted', { path: '/psu', incarnation: 2, tookMs: 1 });
    context.deliver('component.restarted', { path: '/storage', incarnation: 2, tookMs: 1 });
    await pause(120);
    assert.deepEqual(context.asked.slice(asked), [
      ['storage', 'watch', { project: 'main' }],
      ['storage', 'catalog', { project: 'main', known: {} }],
    ]);
    await actor.stop?.(state);
  });

  for (const capability of ['catalog.read', 'catalog.watch'] as const) {
    it(`without the grant of ${capability} MagGate does not start, and the refusal is announced`, async () => {
      const context = fakeActorContext({ main });
      const state = await actor.init(context, { ...maggate, grants: without(capability) });
      await assert.rejects(async () => actor.start?.(state), { code: 'MF610' });
      assert.deepEqual(context.emitted, [
        ['extension.capability.denied', { id: 'magflock.maggate', capability }],
      ]);
      await actor.stop?.(state);
    });
  }

  it('what the manifest does not ask for is refused although it was granted', async () => {
    const context = fakeActorContext({ main });
    const started = actor.init(context, { ...maggate, module: url('./greedy.ts') });
    await assert.rejects(async () => started, { code: 'MF610' });
    assert.deepEqual(context.emitted, [
      ['extension.capability.denied', { id: 'test.greedy', capability: 'catalog.watch' }],
    ]);
    assert.equal(context.asked.length, 1);
  });

  it('a module that is missing, or no extension, is MF620', async () => {
    const context = fakeActorContext({});
    for (const module of [url('./nowhere.ts'), url('../../extensions/maggate/manifest.ts')]) {
      await assert.rejects(async () => actor.init(context, { ...maggate, module }), { code: 'MF620' });
    }
  });

  it('an extension fulfils the interface of the motherboard, install and uninstall included', async () => {
    const calls: string[] = [];
    const slotted = slotExtension(
      manifest,
      {
        manifest,
        install: async () => void calls.push('install'),
        uninstall: async () => void calls.push('uninstall'),
        init: () => void calls.push('init'),
        start: () => void calls.push('start'),
        stop: () => void calls.push('stop'),
      },
      {} as never,
    );
    assert.deepEqual(slotted.requiredComponents, ['storage']);
    assert.deepEqual(slotted.requiredCapabilities, [
      'catalog.read',
      'catalog.watch',
      'query.plan',
      'http.mount',
    ]);
    assert.deepEqual([slotted.name, slotted.version], ['maggate', '0.1.0']);
    await slotted.stop();
    await slotted.install();
    await slotted.init();
    await slotted.start();
    assert.deepEqual(await slotted.healthCheck(), { status: 'ok', summary: 'maggate is running' });
    assert.deepEqual(await slotted.getCapabilities(), []);
    await assert.rejects(slotted.activate('main'), { code: 'MF605' });
    await slotted.stop();
    await slotted.uninstall();
    assert.deepEqual(calls, ['install', 'init', 'start', 'stop', 'uninstall']);
  });

  it('install runs in the slot only when it is asked to', async () => {
    const module = url('./announcing.ts');
    const once = fakeActorContext({});
    await actor.init(once, { ...maggate, module, install: true });
    assert.deepEqual(once.published, ['install', 'init']);
    const again = fakeActorContext({});
    await actor.init(again, { ...maggate, module });
    assert.deepEqual(again.published, ['init']);
  });

  const request = (facts: Partial<GatewayRequest>) =>
    ({
      project: 'main',
      method: 'GET',
      mountedPath: '/track/1',
      query: '',
      headers: {},
      ...facts,
    }) as GatewayRequest;

  it('the replica serves what is mounted, and its errors are of the catalogue', async () => {
    const context = fakeActorContext({ main });
    const state = await replica.init(context as unknown as ReplicaContext, gateway);
    await replica.applySnapshot(state, { catalogs: [main] });
    const api = replica.api(state);
    assert.deepEqual(api.mounts[0], { prefix: '/api', tokens: 'else-key' });
    assert.equal(api.dialect, 'problem');
    const plan = api.plan(request({}));
    assert.ok('sql' in plan);
    assert.equal(
      api.answer(request({}), plan, { body: '{}', rows: 1, location: undefined, databaseMs: 1 }).status,
      200,
    );
    assert.throws(
      () => api.answer(request({}), plan, { body: null, rows: 0, location: undefined, databaseMs: 1 }),
      {
        name: 'MagFlockError',
        code: 'MF404',
      },
    );
    assert.throws(() => api.plan(request({ method: 'POST' })), { name: 'MagFlockError', code: 'MF105' });
    await assert.rejects(async () => api.plan(request({ mountedPath: '/trakc' })), {
      name: 'MagFlockError',
      code: 'MF401',
    });
    const asked = context.asked.length;
    await replica.applyDelta(state, { project: 'main', catalog: null });
    await assert.rejects(async () => api.plan(request({})), { name: 'MagFlockError', code: 'MF508' });
    assert.deepEqual(context.asked.slice(asked), [['maggate', 'activate', { project: 'main' }]]);
  });

  it('what a gateway signs verifies in every thread, for itself alone, and only as it was signed', async () => {
    const ring = new KeyRing(() => '/');
    ring.replace({ keys: [], cursors: macKey('ab'.repeat(32), 'cursors') });
    const contextOf = async (path: string): Promise<GatewayContext> => {
      const context = { ...fakeActorContext({}), path, replica: () => ring };
      const own = { ...gateway, module: url('./signing-gateway.fixture.ts') };
      await replica.init(context as unknown as ReplicaContext, own);
      const given = signingContext();
      assert.ok(given);
      return given;
    };
    const maggateContext = await contextOf('/cpu-1/maggate');
    const seal = maggateContext.sign('text');
    assert.match(seal, /^[A-Za-z0-9_-]{22}$/);
    assert.equal(maggateContext.verify('text', seal), true);
    for (const [text, signature] of [
      ['texts', seal],
      ['text', seal.slice(0, -1)],
      ['text', `${seal}A`],
      ['text', `${seal}!`],
      ['text', ''],
    ] as const) {
      assert.equal(maggateContext.verify(text, signature), false, signature);
    }
    assert.equal((await contextOf('/cpu-2/maggate')).verify('text', seal), true);
    assert.equal((await contextOf('/cpu-1/other')).verify('text', seal), false);
  });

  for (const capability of ['http.mount', 'query.plan'] as const) {
    it(`without the grant of ${capability} the replica does not start`, async () => {
      const context = fakeActorContext({});
      await assert.rejects(
        async () =>
          replica.init(context as unknown as ReplicaContext, { ...gateway, grants: without(capability) }),
        { code: 'MF610' },
      );
      assert.equal(context.emitted[0]?.[0], 'extension.capability.denied');
    });
  }

  it('a grant of another prefix is not enough', async () => {
    const grants = [
      ...without('http.mount'),
      { capability: 'http.mount', scope: ['/rest'], reason: 'x' } as const,
    ];
    const context = fakeActorContext({});
    await assert.rejects(
      async () => replica.init(context as unknown as ReplicaContext, { ...gateway, grants }),
      {
        code: 'MF610',
      },
    );
  });
});
