import assert from 'node:assert/strict';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { startActor } from '../../runtime/testing/actor-test-kit.ts';

interface ShopProtocol {
  sell(request: { readonly item: string }): { readonly left: number };
}

interface Shop {
  readonly context: ActorContext;
  stock: number;
  ticks: number;
}

const shop = defineActor<Shop, ShopProtocol, { readonly stock: number }>({
  name: 'shop',
  version: '1.0.0',
  init(context, { stock }) {
    const state: Shop = { context, stock, ticks: 0 };
    context.events.on('project.created', () => {
      state.stock += 1;
    });
    context.timers.every(1_000, () => {
      state.ticks += 1;
    });
    return state;
  },
  methods: {
    async sell(state, { item }) {
      if (state.stock === 0) throw new MagFlockError('MF404', `no ${item} left`);
      await state.context.part('storage').ask('query', { database: 'control', text: item });
      state.stock -= 1;
      state.context.events.emit('project.removed', { project: item });
      await state.context.publish({ stock: state.stock });
      state.context.log.info({ item }, 'sold');
      return { left: state.stock };
    },
  },
});

describe('actor test kit', () => {
  const parts = { storage: { query: () => ({ rows: [], count: 0 }) } };

  it('runs a definition and shows everything it did to the outside', async () => {
    const kit = await startActor(shop, { args: { stock: 2 }, parts });
    assert.deepEqual(await kit.ask('sell', { item: 'lamp' }), { left: 1 });
    assert.deepEqual(kit.sent, [
      { part: 'storage', method: 'query', payload: { database: 'control', text: 'lamp' } },
    ]);
    assert.deepEqual(kit.events, [{ name: 'project.removed', payload: { project: 'lamp' } }]);
    assert.deepEqual(kit.published, [{ stock: 1 }]);
    assert.deepEqual(kit.logged, [{ level: 'info', line: [{ item: 'lamp' }, 'sold'] }]);
    await kit.stop();
    assert.equal(kit.context.signal.aborted, true);
  });

  it('gives the errors an asker would see, also of parts the test does not have', async () => {
    const empty = await startActor(shop, { args: { stock: 0 }, parts });
    await assert.rejects(
      empty.ask('sell', { item: 'lamp' }),
      (error: MagFlockError) => error.code === 'MF404',
    );
    const alone = await startActor(shop, { args: { stock: 1 } });
    await assert.rejects(alone.ask('sell', { item: 'lamp' }), /the test has no storage\.query/);
  });

  it('lets time pass and events come only when the test says so', async () => {
    const kit = await startActor(shop, { args: { stock: 0 }, parts });
    await kit.timers.pass(3_500);
    assert.equal(kit.state.ticks, 3);
    await kit.announce('project.created', { project: 'new' });
    assert.equal(kit.state.stock, 1);
    await assert.rejects(kit.announce('project.created', { project: 1 }), /project must be a string/);
    await kit.stop();
    await kit.timers.pass(10_000);
    assert.equal(kit.state.ticks, 3);
  });
});
