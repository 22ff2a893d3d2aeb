import assert from 'node:assert/strict';
import type { Catalog } from '../../runtime/protocol/catalog.ts';
import type { CapabilityName, Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import { createBroker } from '../../sandbox/broker/broker.ts';
import { catalogCapability } from '../../sandbox/broker/capabilities/catalog.capability.ts';
import { queryPlanCapability } from '../../sandbox/broker/capabilities/query-plan.capability.ts';

const may = (capability: CapabilityName, ...scope: string[]): Permission => ({
  capability,
  scope,
  reason: 'test',
});

function brokerOf(requested: readonly Permission[], granted: readonly Permission[]) {
  const denied: { id: string; capability: string }[] = [];
  const broker = createBroker({ id: 'test.one', requested, granted, denied: (facts) => denied.push(facts) });
  return { broker, denied };
}

describe('sandbox: broker', () => {
  const rows: readonly (readonly [
    name: string,
    requested: readonly Permission[],
    granted: readonly Permission[],
    capability: CapabilityName,
    target: string | undefined,
    allowed: boolean,
  ])[] = [
    [
      'requested and granted',
      [may('catalog.read', '*')],
      [may('catalog.read', '*')],
      'catalog.read',
      'track',
      true,
    ],
    ['requested, not granted', [may('catalog.read', '*')], [], 'catalog.read', undefined, false],
    ['granted, not requested', [], [may('catalog.read', '*')], 'catalog.read', undefined, false],
    ['neither', [], [], 'http.mount', '/api', false],
    [
      'granted narrower than requested',
      [may('catalog.read', '*')],
      [may('catalog.read', 'track')],
      'catalog.read',
      'track',
      true,
    ],
    [
      'outside the narrower grant',
      [may('catalog.read', '*')],
      [may('catalog.read', 'track')],
      'catalog.read',
      'album',
      false,
    ],
    [
      'outside the narrower request',
      [may('catalog.read', 'track')],
      [may('catalog.read', '*')],
      'catalog.read',
      'album',
      false,
    ],
    [
      'disjoint scopes',
      [may('catalog.read', 'a')],
      [may('catalog.read', 'b')],
      'catalog.read',
      undefined,
      false,
    ],
    [
      'a path below a granted prefix',
      [may('http.mount', '/api/x')],
      [may('http.mount', '/api')],
      'http.mount',
      '/api/x',
      true,
    ],
    [
      'a path above a granted prefix',
      [may('http.mount', '/api')],
      [may('http.mount', '/api/x')],
      'http.mount',
      '/api',
      false,
    ],
    [
      'a sibling that begins alike',
      [may('http.mount', '/api2')],
      [may('http.mount', '/api')],
      'http.mount',
      '/api2',
      false,
    ],
    [
      'a table that begins alike',
      [may('query.plan', '*')],
      [may('query.plan', 'tr')],
      'query.plan',
      'track',
      false,
    ],
    [
      'scopes of several grants',
      [may('query.plan', '*')],
      [may('query.plan', 'a'), may('query.plan', 'b')],
      'query.plan',
      'b',
      true,
    ],
  ];
  for (const [name, requested, granted, capability, target, allowed] of rows) {
    it(`${name}: ${allowed ? 'allowed' : 'MF610, announced'}`, () => {
      const { broker, denied } = brokerOf(requested, granted);
      if (allowed) {
        broker.demand(capability, target);
        assert.deepEqual(denied, []);
        return;
      }
      assert.throws(() => broker.demand(capability, target), { code: 'MF610' });
      assert.deepEqual(denied, [{ id: 'test.one', capability }]);
    });
  }

  const catalog = {
    project: 'main',
    version: 1,
    tables: [{ name: 'track' }, { name: 'secret' }],
  } as unknown as Catalog;
  const source = { read: async () => catalog, watch: async () => {} };

  it('an extension sees the tables of its scope and no others', async () => {
    const asked = [may('catalog.read', '*')];
    const all = catalogCapability(brokerOf(asked, asked).broker, source);
    assert.equal((await all.read('main')).tables.length, 2);
    const some = catalogCapability(brokerOf(asked, [may('catalog.read', 'track')]).broker, source);
    assert.deepEqual(
      (await some.read('main')).tables.map((table) => table.name),
      ['track'],
    );
  });

  it('a refused capability never reaches the machine', async () => {
    const reached: string[] = [];
    const { broker, denied } = brokerOf([may('catalog.read', '*')], [may('catalog.read', '*')]);
    const capability = catalogCapability(broker, {
      read: async (project) => {
        reached.push(`read ${project}`);
        return catalog;
      },
      watch: async (project) => {
        reached.push(`watch ${project}`);
      },
    });
    await assert.rejects(
      capability.watch('main', () => {}),
      { code: 'MF610' },
    );
    await capability.read('main');
    assert.deepEqual(reached, ['read main']);
    assert.equal(denied.length, 1);
  });

  it('plans outside the scope of query.plan are refused', () => {
    const plan = (name: string) => ({ sql: 'select', table: { schema: 'public', name } }) as unknown as Plan;
    const asked = [may('query.plan', '*')];
    const narrow = queryPlanCapability(brokerOf(asked, [may('query.plan', 'track')]).broker);
    assert.equal(narrow(plan('track')).constructor, Object);
    assert.throws(() => narrow(plan('secret')), { code: 'MF610' });
    assert.doesNotThrow(() => narrow({ status: 200, headers: {}, body: '' }));
    assert.throws(() => queryPlanCapability(brokerOf(asked, []).broker), { code: 'MF610' });
  });
});
