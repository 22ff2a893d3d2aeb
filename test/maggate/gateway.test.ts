import assert from 'node:assert/strict';
import { gateway } from '../../extensions/maggate/gateway.ts';
import type { GatewayRequest } from '../../extensions/sdk/index.ts';
import { fakeCatalog, fakeTable } from './fake-catalog.ts';
import { signing } from './signing.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const main = fakeCatalog('main', 3, [
  fakeTable('track', ['id', 'size'], 1),
  fakeTable('log_line', ['line'], 0),
]);

function request(facts: Partial<GatewayRequest>): GatewayRequest {
  return {
    project: 'main',
    method: 'GET',
    mountedPath: '',
    query: '',
    headers: {},
    visibleAs: 'service_role',
    ...facts,
  } as GatewayRequest;
}

describe('MagGate: gateway', () => {
  it('plans without waiting for a project it has, and activates one it has not', async () => {
    const activated: string[] = [];
    const state = gateway.init({
      log,
      config: {},
      ...signing,
      activate: async (project) => {
        activated.push(project);
        if (project === 'other') gateway.applyDelta(state, { project, catalog: { ...main, project } });
      },
    });
    gateway.applySnapshot(state, { catalogs: [main] });
    assert.ok('sql' in gateway.plan(state, request({ mountedPath: '/track/1' })));
    const later = gateway.plan(state, request({ project: 'other', mountedPath: '/track/1' }));
    assert.ok(later instanceof Promise);
    assert.ok('sql' in (await later));
    assert.ok('sql' in gateway.plan(state, request({ project: 'other', mountedPath: '/track/1' })));
    assert.deepEqual(activated, ['other']);
    await assert.rejects(async () => gateway.plan(state, request({ project: 'nowhere' })), { code: 'MF508' });
    gateway.applyDelta(state, { project: 'other', catalog: null });
    assert.ok(gateway.plan(state, request({ project: 'other' })) instanceof Promise);
  });

  it('a plan carries the version of its schema and a shape that a new version keeps', () => {
    const state = gateway.init({ log, config: {}, ...signing, activate: async () => {} });
    gateway.applySnapshot(state, { catalogs: [main] });
    const one = gateway.plan(state, request({ mountedPath: '/track/1' }));
    gateway.applyDelta(state, { project: 'main', catalog: { ...main, version: 4 } });
    const two = gateway.plan(state, request({ mountedPath: '/track/2' }));
    assert.ok('sql' in one && 'sql' in two);
    assert.deepEqual([one.schemaVersion, two.schemaVersion], [3, 4]);
    assert.equal(one.shape, two.shape);
    assert.match(one.shape ?? '', /^s[\w-]{16}$/);
    assert.deepEqual(
      [one.access, one.operation, one.table],
      ['read', 'select', { schema: 'public', name: 'track' }],
    );
  });

  it('limits come from the configuration', () => {
    const state = gateway.init({
      log,
      config: { defaultLimit: 7, maxLimit: 9 },
      ...signing,
      activate: async () => {},
    });
    gateway.applySnapshot(state, { catalogs: [main] });
    const planned = gateway.plan(state, request({ mountedPath: '/track' }));
    assert.ok('sql' in planned);
    assert.match(planned.sql, /limit 8\n/);
    assert.throws(() => gateway.plan(state, request({ mountedPath: '/track', query: 'limit=10' })), {
      code: 'MF405',
    });
  });

  it('GET /api lists as many endpoints as are generated', async () => {
    const state = gateway.init({ log, config: {}, ...signing, activate: async () => {} });
    gateway.applySnapshot(state, { catalogs: [main] });
    const answer = await gateway.plan(state, request({}));
    assert.ok('body' in answer);
    const { data, meta } = JSON.parse(answer.body as string);
    assert.equal(meta.count, 8);
    assert.equal(data.length, 8);
    assert.deepEqual(data[0], { operation: 'list', method: 'GET', path: '/api/log_line', table: 'log_line' });
  });

  it('a table made a moment ago is found, because the owner side is asked before it is called unknown', async () => {
    let asked = 0;
    const state = gateway.init({
      log,
      config: {},
      ...signing,
      activate: async () => {
        asked += 1;
        if (asked > 1) return;
        const fresh = fakeCatalog('main', 4, [fakeTable('fresh', ['id', 'v'], 1)]);
        gateway.applyDelta(state, { project: 'main', catalog: fresh });
      },
    });
    gateway.applySnapshot(state, { catalogs: [main] });
    const both = await Promise.all([
      gateway.plan(state, request({ mountedPath: '/fresh/1' })),
      gateway.plan(state, request({ mountedPath: '/fresh', query: 'v=1' })),
    ]);
    assert.ok(both.every((planned) => 'sql' in planned));
    assert.equal(asked, 1);
    // Asked a moment ago: unknown names cannot make the owner side work without end.
    for (let index = 0; index < 100; index += 1) {
      assert.throws(() => gateway.plan(state, request({ mountedPath: '/nothing' })), { code: 'MF401' });
    }
    assert.equal(asked, 1);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await assert.rejects(async () => gateway.plan(state, request({ mountedPath: '/fresh', query: 'w=1' })), {
      code: 'MF402',
    });
    assert.equal(asked, 2);
  });

  it('an owner side that does not answer holds up one miss for a second, and no other', async () => {
    const state = gateway.init({ log, config: {}, ...signing, activate: () => new Promise<void>(() => {}) });
    gateway.applySnapshot(state, { catalogs: [main] });
    const began = performance.now();
    await assert.rejects(async () => gateway.plan(state, request({ mountedPath: '/nothing' })), {
      code: 'MF401',
    });
    assert.ok(performance.now() - began < 1500);
    assert.throws(() => gateway.plan(state, request({ mountedPath: '/nothing' })), { code: 'MF401' });
  });

  it('a table outside the exposed schema does not exist', async () => {
    const state = gateway.init({ log, config: {}, ...signing, activate: async () => {} });
    const hidden = { ...fakeTable('hidden', ['id'], 1), schema: 'private' };
    gateway.applySnapshot(state, { catalogs: [fakeCatalog('main', 1, [hidden])] });
    await assert.rejects(async () => gateway.plan(state, request({ mountedPath: '/hidden' })), {
      code: 'MF401',
    });
  });

  it('what PostgreSQL says is never passed on blindly', () => {
    const state = gateway.init({ log, config: {}, ...signing, activate: async () => {} });
    gateway.applySnapshot(state, { catalogs: [main] });
    const asked = request({ mountedPath: '/track/1' });
    const plan = gateway.plan(state, asked);
    assert.ok('sql' in plan);
    const facts = {
      message: 'secret text',
      detail: 'secret detail',
      hint: 'secret hint',
      schema: undefined,
      table: undefined,
      column: undefined,
      constraint: undefined,
      dataType: undefined,
      where: undefined,
      parameter: undefined,
    };
    const codes: readonly (readonly [sqlstate: string, code: string])[] = [
      ['XX000', 'MF500'],
      ['42601', 'MF500'],
      ['57014', 'MF504'],
      ['40001', 'MF505'],
      ['40P01', 'MF505'],
      ['53100', 'MF506'],
      ['53300', 'MF507'],
      ['57P01', 'MF503'],
      ['08006', 'MF503'],
      ['42P01', 'MF425'],
      ['42703', 'MF425'],
    ];
    for (const [sqlstate, code] of codes) {
      const error = gateway.explain(state, asked, plan, { ...facts, sqlstate }) as Error & {
        code: string;
        fix?: string;
      };
      assert.equal(error.code, code, sqlstate);
      assert.equal(`${error.message}${error.fix}`.includes('secret'), false, sqlstate);
    }
  });
});
