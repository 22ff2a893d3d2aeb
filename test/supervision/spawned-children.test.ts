import assert from 'node:assert/strict';
import type { ActorContext as Context } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { type ChildSupervision, defineActor } from '../../runtime/actor/define-actor.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import type { ChildEnd } from '../../runtime/supervision/child-life.ts';
import type { RestartType } from '../../runtime/supervision/restart-type.ts';
import { until } from '../runtime/support/until.ts';

interface ToyProtocol {
  /** Ends it like that. */
  leave(reason: ChildEnd['reason']): void;
  life(request: null): number;
}

interface ToyArgs {
  readonly name: string;
  readonly events: string[];
  /** What happens to the starts after the first. */
  readonly later?: 'fails' | 'awaits';
}

interface Toy extends ToyArgs {
  readonly context: Context;
}

const toy = defineActor<Toy, ToyProtocol, ToyArgs>({
  name: 'toy',
  version: '1.0.0',
  init(context, args) {
    args.events.push(`start ${args.name}`);
    const again = context.incarnation > 1;
    if (again && args.later === 'fails') throw new Error('broken');
    const state = { ...args, context };
    return again && args.later === 'awaits' ? Promise.resolve(state) : state;
  },
  stop({ events, name }) {
    events.push(`stop ${name}`);
  },
  methods: {
    leave: ({ context }, reason) => context.exit(reason === 'crash' ? new Error('crash') : reason),
    life: ({ context }) => context.incarnation,
  },
});

interface HouseProtocol {
  life(request: null): number;
  take(request: Omit<ToyArgs, 'events'> & { readonly restart: RestartType }): void;
  stop(name: string): void;
  leave(request: null): void;
}

/** A parent whose children tell what happens to them. */
function house(events: string[], supervision?: ChildSupervision) {
  return defineActor<Context, HouseProtocol>({
    name: 'house',
    version: '1.0.0',
    ...(supervision === undefined ? {} : { supervision }),
    init: (context) => context,
    methods: {
      life: (context) => context.incarnation,
      take(context, { restart, ...args }) {
        context.spawn(toy, { name: args.name, restart, args: { ...args, events } });
      },
      async stop(context, name) {
        await context.stop(context.ref(`${context.path}/${name}`));
      },
      leave: (context) => context.exit(),
    },
  });
}

describe('children that an actor has spawned', () => {
  let system: ActorSystem;
  let events: string[];
  let houses = 0;
  before(async () => {
    system = await createActorSystem();
  });
  after(() => system.stop());
  beforeEach(() => {
    events = [];
  });

  const quick = { backoff: { baseMs: 1, maxMs: 2 } };

  function build(supervision: ChildSupervision = {}, restart: RestartType = 'temporary') {
    const name = `house-${++houses}`;
    const ref = system.spawn(house(events, { ...quick, ...supervision }), { name, restart });
    const child = (id: string): ActorRef<ToyProtocol> => system.ref(`${ref.path}/${id}`);
    return { ref, child };
  }

  // Restart type × exit reason over actors; the whole matrix is in restart-matrix.test.ts.
  const rows = [
    ['permanent_normal', 'permanent', 'normal', true],
    ['permanent_shutdown', 'permanent', 'shutdown', true],
    ['permanent_abnormal', 'permanent', 'crash', true],
    ['transient_normal', 'transient', 'normal', false],
    ['transient_shutdown', 'transient', 'shutdown', false],
    ['transient_abnormal', 'transient', 'crash', true],
    ['temporary_normal', 'temporary', 'normal', false],
    ['temporary_abnormal', 'temporary', 'crash', false],
  ] as const;
  for (const [otp, restart, reason, back] of rows) {
    it(`${restart}, ${reason}: ${back ? 'comes back' : 'is gone'} (${otp})`, async () => {
      const { ref, child } = build();
      await ref.ask('take', { name: 'a', restart });
      const a = child('a');
      await a.ask('leave', reason);
      if (back) assert.equal(await a.ask('life', null), 2);
      else
        await assert.rejects(a.ask('life', null), (error: { code: string }) => /MF60[14]/.test(error.code));
      // A name is free again when its child is gone.
      if (!back) await ref.ask('take', { name: 'a', restart });
      assert.equal(events.filter((event) => event === 'start a').length, 2);
    });
  }

  it('keep what waits for them over a restart, in order', async () => {
    const { ref, child } = build();
    await ref.ask('take', { name: 'a', restart: 'permanent', later: 'awaits' });
    const a = child('a');
    const asks = [a.ask('leave', 'crash'), a.ask('life', null), a.ask('leave', 'crash'), a.ask('life', null)];
    assert.deepEqual(await Promise.all(asks), [undefined, 2, undefined, 3]);
  });

  const strategies = [
    ['one_for_all', 'stop b, stop c, stop a, start a, start b, start c'],
    ['rest_for_one', 'stop b, stop c, start b, start c'],
    ['one_for_one', 'stop b, start b'],
  ] as const;
  for (const [strategy, expected] of strategies) {
    it(`are restarted together as their parent says (${strategy})`, async () => {
      const { ref, child } = build({ strategy });
      for (const name of ['a', 'b', 'c']) await ref.ask('take', { name, restart: 'permanent' });
      events.length = 0;
      await child('b').ask('leave', 'crash');
      await until('they are back', () => events.join(', ') === expected);
      assert.equal(await child('b').ask('life', null), 2);
    });
  }

  it('crash their parent when they fail too often, which comes back without them (one_for_one_escalation)', async () => {
    const { ref, child } = build({ intensity: { restarts: 2 } }, 'permanent');
    await ref.ask('take', { name: 'a', restart: 'permanent', later: 'fails' });
    await ref.ask('take', { name: 'other', restart: 'permanent' });
    await child('a').ask('leave', 'crash');
    await until('the parent is back', async () => (await ref.ask('life', null)) === 2);
    assert.equal(events.filter((event) => event === 'start a').length, 3);
    assert.ok(events.includes('stop other'));
    await assert.rejects(child('other').ask('life', null), { code: 'MF604' });
  });

  it('stay down when they fail too often and their parent wants to live (quarantine)', async () => {
    const { ref, child } = build({ intensity: { restarts: 1 }, onIntensity: 'quarantine' });
    await ref.ask('take', { name: 'a', restart: 'permanent', later: 'fails' });
    const waiting = child('a');
    await waiting.ask('leave', 'crash');
    await assert.rejects(waiting.ask('life', null), { code: 'MF607', message: /quarantined/ });
    assert.equal(await ref.ask('life', null), 1);
  });

  it('are not restarted when their parent stops them, and none when it ends', async () => {
    const { ref, child } = build();
    for (const name of ['a', 'b', 'c']) await ref.ask('take', { name, restart: 'permanent' });
    await ref.ask('stop', 'b');
    await assert.rejects(child('b').ask('life', null), { code: 'MF604' });
    events.length = 0;
    await ref.ask('leave', null);
    await until('all have stopped', () => events.length === 2);
    assert.deepEqual(events, ['stop c', 'stop a']);
  });

  it('of the machine itself are quarantined: it does not crash', async () => {
    const a = system.spawn(toy, {
      name: 'a',
      restart: 'permanent',
      args: { name: 'a', events, later: 'fails' },
    });
    await a.ask('leave', 'crash');
    await assert.rejects(a.ask('life', null), { code: 'MF607' });
    assert.equal((await system.motherboard.healthCheck()).overall.status, 'ok');
    assert.equal(await build().ref.ask('life', null), 1);
  });
});
