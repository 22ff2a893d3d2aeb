import assert from 'node:assert/strict';
import { auditedOperations } from '../../actors/cpu/audited-operations.ts';
import type { HookOperation } from '../../runtime/protocol/extension-manifest.ts';
import type { ActiveHook, ExtensionsReplica } from '../../runtime/protocol/extensions.protocol.ts';
import type { GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type { Plan, PlanStep } from '../../runtime/protocol/plan.protocol.ts';
import { HookTable } from '../../sandbox/gate/hook-table.ts';
import { fakeKeys } from '../support/fake-replicas.ts';
import { type Served, serve } from './serve.ts';

type Further = NonNullable<Plan['further']>[number];

const operation = (table: string, action: HookOperation): Further => ({
  operation: action === 'create' ? 'insert' : action === 'list' ? 'select' : 'update',
  table: { schema: 'public', name: table },
  action,
});

function planOf(further: readonly Further[], more: Partial<Plan> = {}): Plan {
  return {
    access: 'write',
    operation: 'insert',
    table: { schema: 'public', name: 'orders' },
    sql: 'select 1',
    parameters: [],
    parameterColumns: [],
    shape: 'one',
    schemaVersion: 1,
    answer: { status: 200, contentType: 'application/json' },
    further,
    ...more,
  };
}

/** A front with a gateway at `/batch/v1` that plans what the test says. */
function serveBatches(
  plans: () => Plan,
  hooks: readonly Partial<ActiveHook>[],
  act: () => unknown = () => null,
): Promise<Served> {
  const table = new HookTable();
  const whole = hooks.map((hook) => ({
    extension: 'acme.hook',
    when: 'before',
    tables: ['*'],
    operations: ['create'],
    timeoutMs: 100,
    onFailure: 'refuse',
    ...hook,
  })) as ActiveHook[];
  table.set({ version: 1, projects: { main: { hooks: whole, routes: [] } } });
  const replica: ExtensionsReplica = {
    hooks: (project, name, done, when) => table.find(project, name, done, when),
    callHook: async () => act(),
  };
  const gateway: GatewayReplica = {
    mounts: ['/batch/v1'],
    dialect: 'problem',
    plan: plans,
    answer: (_request, _plan, { body }) => ({ status: 200, headers: {}, body: body ?? '' }),
    explain: () => new Error('unused'),
  };
  return serve({}, { replica, gateways: [] }, [gateway]);
}

async function send(served: Served, body = '{}') {
  const headers = { 'X-API-Key': fakeKeys.secret, 'Content-Type': 'application/json' };
  const response = await fetch(`${served.url}/batch/v1`, { method: 'POST', headers, body });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const executed = ({ fakes }: Served): boolean => fakes.seen.some((word) => word.startsWith('execute'));

describe('requests of several operations', () => {
  it('need a key that covers each of them', async () => {
    const further = [operation('orders', 'create'), operation('out_of_scope', 'update')];
    await using served = await serveBatches(() => planOf(further), []);
    assert.equal((await send(served)).body.code, 'MF206');
    assert.ok(served.fakes.seen.includes('authorize:update:out_of_scope'));
    assert.ok(!executed(served));
  });

  const rows: [title: string, hook: Partial<ActiveHook>, refused: boolean][] = [
    ['a hook before one of them', { tables: ['item'] }, true],
    ['a hook after one of them', { tables: ['item'], when: 'after' }, true],
    ['a hook on every table', { tables: ['*'] }, true],
    ['a hook on another operation', { tables: ['item'], operations: ['delete'] }, false],
    ['a hook on another table', { tables: ['product'] }, false],
    [
      'a hook on updates of the table that is written itself',
      { tables: ['orders'], operations: ['update'] },
      true,
    ],
    ['a hook on lists', { tables: ['stock'], operations: ['list'] }, true],
  ];
  for (const [title, hook, refused] of rows) {
    it(`${title} ${refused ? 'refuses them: it cannot run for a part' : 'is no hindrance'}`, async () => {
      const act = () => assert.fail('was called');
      const further = [
        operation('orders', 'update'),
        operation('item', 'create'),
        operation('stock', 'list'),
      ];
      await using served = await serveBatches(() => planOf(further), [hook], act);
      const { status, body } = await send(served);
      assert.deepEqual([status, body.code], refused ? [422, 'MF430'] : [200, undefined]);
      if (refused) assert.equal(body.extension, 'acme.hook');
      assert.equal(executed(served), !refused);
    });
  }

  it('are looked at again when a hook of the first one has changed the request', async () => {
    let planned = 0;
    const plans = (): Plan => {
      planned += 1;
      return planOf(planned === 1 ? [] : [operation('item', 'create')], { action: 'create' });
    };
    const hooks = [{ tables: ['orders'] }, { tables: ['item'], extension: 'acme.guard' }];
    await using served = await serveBatches(plans, hooks, () => ({ body: { item: [{}] } }));
    const { status, body } = await send(served);
    assert.deepEqual([status, body.code, body.extension, planned], [422, 'MF430', 'acme.guard', 2]);
    assert.ok(!executed(served));
  });

  it('are one entry of the audit trail that names them all', async () => {
    const step = (name: string, table: string): PlanStep => ({
      name,
      operation: 'insert',
      table: { schema: 'public', name: table },
      sql: '',
      parameters: [],
      parameterColumns: [],
      shape: undefined,
    });
    const plan = planOf([], { steps: [step('1', 'item'), step('2', 'item'), step('3', 'stock')] });
    await using served = await serveBatches(() => plan, []);
    assert.equal((await send(served)).status, 200);
    assert.deepEqual(
      served.fakes.seen.filter((word) => word.startsWith('outbox')),
      ['outbox:batch:orders'],
    );
    assert.equal(auditedOperations(plan), 'insert orders; insert item ×2; insert stock');
    assert.equal(auditedOperations(planOf([], { steps: [] })), 'insert orders');
    assert.equal(
      auditedOperations(planOf([operation('item', 'create'), operation('tag', 'list')])),
      'insert orders; insert item',
    );
    assert.equal(auditedOperations(planOf([operation('tag', 'list')])), undefined);
  });
});
