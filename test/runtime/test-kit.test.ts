import assert from 'node:assert/strict';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import { createActorSystem } from '../../runtime/actor-system.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { startActor } from '../../runtime/testing/actor-test-kit.ts';
import { faultyAnswers } from '../../runtime/testing/faulty-answers.ts';
import { MemoryPorts } from '../../runtime/testing/memory-ports.ts';
import { createProbe } from '../../runtime/testing/probe.ts';
import { VirtualTimers } from '../../runtime/testing/virtual-timers.ts';

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

describe('actor test kit, the whole face of an actor', () => {
  interface DoorProtocol {
    enter(name: string): string;
    open(request: null): void;
    close(request: null): void;
    fetch(request: { readonly path: string }): void;
    inside(request: null): readonly string[];
    hire(name: string): string;
    leave(how: 'normal' | 'crash'): void;
    napAfter(milliseconds: number): void;
  }
  interface Door {
    readonly context: ActorContext;
    readonly inside: string[];
  }
  interface ShopRef {
    price(item: string): number;
  }
  const clerk = defineActor({
    name: 'clerk',
    version: '1.0.0',
    init: (context) => ({ ticks: 0, every: context.timers }),
    start(state) {
      state.every.every(1_000, () => {
        state.ticks += 1;
      });
    },
    methods: { ticks: (state) => state.ticks },
  });
  const door = defineActor<Door, DoorProtocol>({
    name: 'door',
    version: '1.0.0',
    init: (context) => ({ context, inside: [] }),
    behaviours: {
      closed: {
        enter: (_state, _name, call) => call.stash(),
      },
    },
    methods: {
      enter(state, name) {
        state.inside.push(name);
        return `welcome ${name}`;
      },
      close: ({ context }) => context.become('closed'),
      open({ context }) {
        context.unbecome();
        context.unstash();
      },
      fetch({ context, inside }, { path }) {
        const price = context.ref<ShopRef>(path).ask('price', 'lamp', { timeoutMs: 500 });
        context.pipeToSelf(price, (outcome) => {
          inside.push(outcome.ok ? `price ${outcome.value}` : (outcome.error as MagFlockError).code);
        });
      },
      inside: ({ inside }) => inside,
      hire: ({ context }, name) => context.spawn(clerk, { name }).path,
      leave: ({ context }, how) => context.exit(how === 'crash' ? new Error('it fell') : how),
      napAfter({ context, inside }, milliseconds) {
        context.receiveTimeout(milliseconds, () => {
          inside.push('asleep');
        });
      },
    },
  });

  it('keeps what is put aside until the behaviour that takes it is back', async () => {
    const kit = await startActor(door);
    await kit.ask('close', null);
    const entries = [kit.ask('enter', 'ann'), kit.ask('enter', 'bob')];
    assert.deepEqual(await kit.ask('inside', null), []);
    await kit.ask('open', null);
    assert.deepEqual(await Promise.all(entries), ['welcome ann', 'welcome bob']);
    await kit.stop();
  });

  it('runs children, their timers too, on the time of the test', async () => {
    const kit = await startActor(door);
    assert.equal(await kit.ask('hire', 'kim'), '/door/kim');
    await kit.timers.pass(2_500);
    assert.equal(await kit.ref<{ ticks(request: null): number }>('/door/kim').ask('ticks', null), 2);
    await kit.stop();
  });

  it('lets a receive timeout pass in the time of the test', async () => {
    const kit = await startActor(door);
    await kit.ask('napAfter', 1_000);
    await kit.timers.pass(900);
    await kit.ask('enter', 'ann');
    await kit.timers.pass(1_000);
    assert.deepEqual(kit.state.inside, ['ann']);
    await kit.timers.pass(1_000);
    assert.deepEqual(kit.state.inside, ['ann', 'asleep']);
    await kit.stop();
  });

  for (const [how, kind] of [
    ['normal', 'normal'],
    ['crash', 'crash'],
  ] as const) {
    it(`shows an end (${how}), and what waits is run by the next life`, async () => {
      const kit = await startActor(door);
      await kit.ask('enter', 'ann');
      await kit.ask('leave', how);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(
        kit.ends.map(({ incarnation, reason }) => [incarnation, reason.kind]),
        [[1, kind]],
      );
      const waiting = kit.ask('enter', 'bob');
      await kit.restart();
      assert.equal(await waiting, 'welcome bob');
      assert.deepEqual(kit.state.inside, ['bob']);
      assert.equal(kit.context.incarnation, 2);
      await kit.stop();
    });
  }

  it('runs one message at a time, and those of one sender in order', async () => {
    const seen: string[] = [];
    const slow = defineActor({
      name: 'slow',
      version: '1.0.0',
      init: () => null,
      methods: {
        async work(_state, name: string) {
          seen.push(`${name} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(`${name} ends`);
        },
      },
    });
    const kit = await startActor(slow);
    await Promise.all([kit.ask('work', 'a'), kit.ask('work', 'b')]);
    assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends']);
    await kit.stop();
  });

  describe('bonds', () => {
    const seen: string[] = [];
    const friend = defineActor({
      name: 'friend',
      version: '1.0.0',
      init: (context) => ({ context }),
      methods: {
        watch({ context }, path: string) {
          context.watch(context.ref(path), ({ path: ended, incarnation, reason }) => {
            seen.push(`${ended} ${incarnation} ${reason.kind}`);
          });
        },
        link({ context }, path: string) {
          context.link(context.ref(path));
        },
        subscribe({ context }, topic: string) {
          context.topic<number>(topic).subscribe((message) => {
            seen.push(`${topic} ${message}`);
          });
        },
        publish({ context }, message: number) {
          context.topic<number>('prices').publish(message);
        },
      },
    });
    beforeEach(() => seen.splice(0));

    it('a watch fires once when the part ends, and at once when there is none', async () => {
      const kit = await startActor(friend, { refs: { '/shop': createProbe() } });
      await kit.ask('watch', '/shop');
      await kit.ask('watch', '/nobody');
      await kit.partEnds('shop');
      kit.partStarts('shop');
      await kit.partEnds('shop', { kind: 'normal', detail: 'again' });
      assert.deepEqual(seen, ['/nobody 0 unavailable', '/shop 1 crash']);
      await kit.ask('watch', '/shop');
      kit.partStarts('shop');
      await kit.partEnds('shop', { kind: 'normal', detail: 'again' });
      assert.deepEqual(seen.slice(2), ['/shop 3 normal']);
      await kit.stop();
    });

    it('a link ends the actor with the part', async () => {
      const kit = await startActor(friend, { parts: { shop: {} } });
      await kit.ask('link', '/shop');
      await kit.partEnds('shop');
      assert.equal(kit.ends.length, 1);
      assert.equal(kit.ends[0]?.reason.kind, 'crash');
    });

    it('topics bring what others publish, and show what it publishes', async () => {
      const kit = await startActor(friend);
      await kit.ask('subscribe', 'news');
      await kit.publishTo('news', 7);
      await kit.publishTo('others', 8);
      await kit.ask('publish', 9);
      assert.deepEqual(seen, ['news 7']);
      assert.deepEqual(kit.topics, [{ topic: 'prices', message: 9 }]);
      await kit.stop();
    });
  });

  describe('a probe', () => {
    it('writes down what it gets, answers what it was told to answer, and the rest by hand', async () => {
      const shop = createProbe<ShopRef>({ path: '/shop' });
      const kit = await startActor(door, { refs: { '/shop': shop } });
      await kit.ask('fetch', { path: '/shop' });
      const message = await shop.expect('price');
      assert.equal(message.payload, 'lamp');
      message.reply(12);
      await shop.expectNothing(1);
      assert.deepEqual(await kit.ask('inside', null), ['price 12']);
      const generous = createProbe<ShopRef>({ answers: { price: () => 3 } });
      assert.equal(await generous.ask('price', 'lamp'), 3);
      await kit.stop();
    });

    it('waits in the time of the test, and says what came instead', async () => {
      const timers = new VirtualTimers();
      const probe = createProbe<DoorProtocol>({ timers });
      const open = assert.rejects(probe.expect('open', 5_000), /expected open within 5000 ms and got close/);
      probe.tell('close', null);
      await timers.pass(5_000);
      await open;
      await assert.rejects(probe.expectNothing(), /expected nothing and got close/);
      const enter = probe.expect('enter', 1_000);
      await timers.pass(500);
      probe.tell('enter', 'ann');
      assert.equal((await enter).payload, 'ann');
      assert.equal(timers.pending, 0);
    });

    it('is an actor in a machine', async () => {
      const system = await createActorSystem();
      const probe = createProbe<ShopRef>();
      const ref = system.spawn(probe.actor(['price']), { name: 'shop' });
      const price = ref.ask('price', 'lamp');
      (await probe.expect('price')).fail(new MagFlockError('MF404', 'no lamps'));
      await assert.rejects(price, (error: MagFlockError) => error.code === 'MF404');
      ref.tell('price', 'lamp');
      assert.equal((await probe.expect('price')).asked, false);
      await system.stop();
    });
  });

  describe('parts that fail', () => {
    const price = () => 7;
    const rows: [name: string, answer: Parameters<typeof faultyAnswers.fails>[1], seen: readonly string[]][] =
      [
        ['that end twice', faultyAnswers.fails(2, price), ['MF601', 'MF601', 'price 7']],
        [
          'with an error of their own',
          faultyAnswers.fails(1, price, () => new MagFlockError('MF404', 'none')),
          ['MF404', 'price 7', 'price 7'],
        ],
        ['that never answer', faultyAnswers.never(), ['MF602', 'MF602', 'MF602']],
        ['that answer late', faultyAnswers.late(400, price), ['price 7', 'price 7', 'price 7']],
        ['that answer too late', faultyAnswers.late(600, price), ['MF602', 'MF602', 'MF602']],
      ];
    for (const [name, answer, seen] of rows) {
      it(name, async () => {
        const kit = await startActor(door, { parts: { shop: { price: answer } } });
        for (let count = 0; count < 3; count++) {
          await kit.ask('fetch', { path: '/shop' });
          await kit.timers.pass(1_000);
          await new Promise((resolve) => setImmediate(resolve));
        }
        assert.deepEqual(await kit.ask('inside', null), seen);
        await kit.stop();
      });
    }
  });
});

describe('ports in memory', () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  function listen(ports: MemoryPorts): unknown[] {
    const got: unknown[] = [];
    ports.right.on('message', (value: unknown) => got.push(value)).on('close', () => got.push('closed'));
    return got;
  }

  it('carry clones in order, later, and keep what comes before anybody listens', async () => {
    const ports = new MemoryPorts();
    const value = { list: [1] };
    ports.left.postMessage(value);
    ports.left.postMessage('second');
    value.list.push(2);
    await turn();
    const got = listen(ports);
    ports.left.postMessage('third');
    assert.deepEqual(got, [{ list: [1] }, 'second']);
    await turn();
    assert.deepEqual(got, [{ list: [1] }, 'second', 'third']);
  });

  it('refuse what a real port refuses', () => {
    const { left } = new MemoryPorts();
    assert.throws(() => left.postMessage(() => {}), { name: 'DataCloneError' });
  });

  const faults: [name: string, make: (ports: MemoryPorts) => void, got: readonly unknown[]][] = [
    ['lose messages', ({ faults }) => faults.lose(1), [2, 3]],
    ['carry messages twice', ({ faults }) => faults.duplicate(2), [1, 1, 2, 2, 3]],
    [
      'break: what is on its way is lost',
      ({ faults, left }) => {
        left.postMessage(0);
        faults.cut();
      },
      ['closed'],
    ],
    ['close when the thread at the other end dies', ({ left }) => left.close(), ['closed']],
  ];
  for (const [name, make, expected] of faults) {
    it(`${name}`, async () => {
      const ports = new MemoryPorts();
      const got = listen(ports);
      make(ports);
      for (const value of [1, 2, 3]) ports.left.postMessage(value);
      await turn();
      assert.deepEqual(got, expected);
    });
  }

  it('find values not cloneable when they are told to', async () => {
    const ports = new MemoryPorts();
    const got = listen(ports);
    ports.faults.refuseToClone(1);
    assert.throws(() => ports.left.postMessage(1), { name: 'DataCloneError' });
    ports.left.postMessage(2);
    await turn();
    assert.deepEqual(got, [2]);
  });

  it('take the time of the test', async () => {
    const ports = new MemoryPorts();
    const clock = new VirtualTimers();
    const got = listen(ports);
    ports.faults.delay(100, clock);
    ports.left.postMessage('slow');
    await turn();
    assert.deepEqual(got, []);
    await clock.pass(100);
    assert.deepEqual(got, ['slow']);
  });
});
