import assert from 'node:assert/strict';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { Message } from '../../runtime/actor/message.ts';
import { Meter } from '../../runtime/actor/meter.ts';
import { MeterHistogram } from '../../runtime/actor/meter-histogram.ts';
import { MeterTap } from '../../runtime/actor/meter-tap.ts';
import { treeRows } from '../../runtime/cli/tree-rows.ts';
import type { MachineTree, PartNode, TreeProtocol } from '../../runtime/protocol/tree.protocol.ts';
import { redactValue } from '../../runtime/telemetry/redact-value.ts';
import type { BusyProtocol } from './fixtures/busy.actor.ts';
import { LoneActor } from './support/lone-actor.ts';
import { fixture } from './support/machine.ts';
import { busy, observed } from './support/observed.ts';
import { until } from './support/until.ts';

type Machine = Awaited<ReturnType<typeof observed>>;

const partOf = (tree: MachineTree, path: string): PartNode => {
  const found = tree.parts.find((part) => part.path === path);
  assert.ok(found, `${path} is in the tree`);
  return found;
};

describe('a histogram of times', () => {
  it('knows quantiles to within a bucket, over six powers of ten', () => {
    for (const scale of [0.001, 0.1, 10, 1_000]) {
      const histogram = new MeterHistogram();
      for (let index = 1; index <= 1_000; index++) histogram.add((index / 1_000) * scale, 1);
      for (const share of [0.5, 0.99]) {
        const ratio = histogram.quantile(share) / (share * scale);
        if (scale > 0.001) assert.ok(ratio > 0.85 && ratio < 1.15, `${share} of ${scale}: ${ratio}`);
      }
    }
  });

  it('counts one for as many as it stands for', () => {
    const histogram = new MeterHistogram();
    histogram.add(1, 98);
    histogram.add(100, 2);
    assert.ok(histogram.quantile(0.5) < 2);
    assert.ok(histogram.quantile(0.99) > 80);
  });

  it('forgets what is older than two periods', () => {
    const histogram = new MeterHistogram();
    assert.equal(histogram.quantile(0.5), 0);
    histogram.add(5, 1);
    histogram.rotate();
    assert.ok(histogram.quantile(0.5) > 4);
    histogram.rotate();
    assert.equal(histogram.quantile(0.5), 0);
  });
});

describe('a meter', () => {
  it('measures every message of an actor that has little to do, some of one that is busy', () => {
    const meter = new Meter();
    const measured = (count: number): number =>
      Array.from({ length: count }, () => meter.begin()).filter((at) => at > 0).length;
    assert.equal(measured(1_000), 1_000);
    const busyShare = measured(64_000);
    assert.ok(busyShare >= 1_000 && busyShare <= 1_100, String(busyShare));
    meter.tick(0);
    meter.tick(0);
    measured(64);
    assert.equal(measured(100), 100);
  });

  it('rates: the last second, and an average that comes down over a minute', () => {
    const meter = new Meter();
    meter.tick(600);
    assert.deepEqual([meter.read().rate, meter.read().rateMinute], [600, 600]);
    for (let second = 0; second < 60; second++) meter.tick(600);
    assert.equal(meter.read().rate, 0);
    const { rateMinute } = meter.read();
    assert.ok(rateMinute > 200 && rateMinute < 240, String(rateMinute));
  });

  it('a tap gets every message however busy the actor is, without its payload, and no more than there is room for', () => {
    const meter = new Meter();
    for (let index = 0; index < 5_000; index++) meter.begin();
    meter.tap = new MeterTap();
    const message = { method: 'count', from: '/test', asked: true, payload: 'secret' } as unknown as Message;
    for (let index = 0; index < 700; index++) {
      const at = meter.begin();
      assert.ok(at > 0);
      meter.settled(at, message, index === 0 ? 'MF403' : undefined);
    }
    const { messages, missed } = meter.tap.take();
    assert.deepEqual([messages.length, missed], [500, 200]);
    assert.deepEqual([messages[0]?.outcome, messages[1]?.outcome], ['MF403', 'ok']);
    assert.ok(!JSON.stringify(messages).includes('secret'));
    assert.deepEqual(meter.tap.take(), { messages: [], missed: 0 });
  });
});

describe('a value as operators see it', () => {
  const circle: Record<string, unknown> = { name: 'circle' };
  circle['self'] = circle;
  for (const [what, value, shown] of [
    [
      'secrets by name',
      { password: 'hunter2', apiKey: 'x', a: 1 },
      { password: '[redacted]', apiKey: '[redacted]', a: 1 },
    ],
    ['secrets by look', ['postgres://u:pw@h/d'], ['postgres://u:[redacted]@h/d']],
    [
      'maps and sets',
      {
        m: new Map([
          ['token', 'x'],
          ['b', 'y'],
        ]),
        s: new Set([1]),
      },
      { m: { token: '[redacted]', b: 'y' }, s: [1] },
    ],
    [
      'what is no data',
      { f: () => 1, b: 3n, d: new Date(0), u: undefined, y: new Uint8Array(3) },
      { f: '(function)', b: '3', d: '1970-01-01T00:00:00.000Z', u: '(undefined)', y: '(3 bytes)' },
    ],
    ['errors', new TypeError('password=abc'), 'TypeError: password=[redacted]'],
  ] as const) {
    it(what, () => assert.deepEqual(redactValue(value), shown));
  }

  it('large and endless ones are cut', () => {
    assert.ok(JSON.stringify(redactValue(circle)).length < 500);
    assert.equal((redactValue(Array.from({ length: 5_000 })) as unknown[]).length, 101);
    assert.ok((redactValue('x'.repeat(1e6)) as string).length < 2_100);
  });
});

describe('the tree of a machine', function () {
  this.timeout(30_000);
  let machine: Machine;
  let tree: TreeProtocol extends infer T
    ? { [M in keyof T]: T[M] extends (request: infer R) => infer A ? (request: R) => Promise<A> : never }
    : never;

  before(async () => {
    machine = await observed([
      busy('one'),
      busy('two', { requires: ['one'] }),
      busy('inline', { placement: { kind: 'inline' } }),
      { id: 'owner', module: fixture('owner.actor'), placement: { kind: 'thread' } },
      {
        id: 'front',
        module: fixture('front.actor'),
        placement: { kind: 'thread' },
        replicas: [{ name: 'owner', module: fixture('owner.replica') }],
        requires: ['owner'],
      },
    ]);
    tree = machine.motherboard.tree as unknown as typeof tree;
  });
  after(() => machine.close());

  it('has every part with its state, thread, life and what it requires', async () => {
    const seen = await tree.tree({});
    assert.deepEqual(
      seen.parts.map(({ path, state, placement, thread, incarnation, requires }) => [
        path,
        state,
        placement,
        thread,
        incarnation,
        requires,
      ]),
      [
        ['/one', 'ready', 'thread', 'one', 1, []],
        ['/two', 'ready', 'thread', 'two', 1, ['one']],
        ['/inline', 'ready', 'inline', 'main', 1, []],
        ['/owner', 'ready', 'thread', 'owner', 1, []],
        ['/front', 'ready', 'thread', 'front', 1, ['owner']],
      ],
    );
    assert.deepEqual(seen.blocked, []);
    assert.equal(partOf(seen, '/one').actor?.version, '2.0.0');
    for (const { thread, heapBytes, heapLimitBytes, eventLoop, answers } of seen.threads) {
      assert.ok(answers && heapBytes > 100_000 && heapBytes < heapLimitBytes, thread);
      assert.ok(eventLoop >= 0 && eventLoop <= 1, thread);
    }
  });

  it('says in which threads copies of a state are, and whose', async () => {
    const seen = await tree.tree({});
    assert.deepEqual(partOf(seen, '/owner').replicas, [{ thread: 'front', incarnation: 1 }]);
    assert.deepEqual(partOf(seen, '/front').replicas, []);
  });

  for (const name of ['one', 'inline'] as const) {
    it(`meters messages of a part (${name})`, async () => {
      const ref = machine.ref<BusyProtocol>(name);
      await ref.ask('spin', { ms: 30 });
      await ref.ask('wait', { ms: 60 });
      for (let index = 0; index < 20; index++) await ref.ask('count', null);
      await assert.rejects(ref.ask('fail', { plain: true }));
      const { handled, failed, meter, mailbox } = partOf(await tree.tree({}), `/${name}`).actor ?? {};
      assert.equal(handled, 23);
      assert.equal(failed, 1);
      assert.equal(mailbox, 0);
      assert.ok(meter);
      assert.ok(meter.longestTurn >= 29, String(meter.longestTurn));
      assert.ok(meter.turnTotal >= 29 && meter.turnTotal < 2_000, String(meter.turnTotal));
      assert.ok(meter.p50 < 20 && meter.p99 >= 45, `${meter.p50} ${meter.p99}`);
      await until('the rate is known', async () => {
        const reading = partOf(await tree.tree({}), `/${name}`).actor?.meter;
        return (reading?.rateMinute ?? 0) > 0;
      });
      const { text } = await machine.motherboard.metrics();
      assert.match(
        text,
        new RegExp(`magflock_actor_service_seconds\\{part="${name}",quantile="0.99"\\} 0\\.`),
      );
      assert.match(text, new RegExp(`magflock_actor_longest_turn_seconds\\{part="${name}"\\} 0\\.`));
      assert.match(text, new RegExp(`magflock_actor_turn_seconds_total\\{part="${name}"\\} 0\\.`));
    });
  }

  it('shows some children, counts all, and times those that were spawned with a meter', async () => {
    const ref = machine.ref<BusyProtocol>('two');
    for (let index = 0; index < 30; index++) await ref.ask('spawn', {});
    await ref.ask('spawn', { name: 'kid', metered: true });
    const few = partOf(await tree.tree({ children: 3 }), '/two').actor;
    assert.equal(few?.childCount, 31);
    assert.deepEqual(
      few?.children.map(({ path, meter }) => [path, meter]),
      [
        ['/two/$1', null],
        ['/two/$2', null],
        ['/two/$3', null],
      ],
    );
    const all = partOf(await tree.tree({ children: 100 }), '/two').actor;
    assert.equal(all?.children.length, 31);
    assert.notEqual(all?.children.find(({ name }) => name === 'kid')?.meter, null);
  });

  it('one actor: what it is, its last error, and what it shows of its state with secrets masked', async () => {
    const detail = await tree.actor({ path: '/one' });
    assert.deepEqual(detail.state, { count: 20, password: '[redacted]', note: 'Bearer [redacted]' });
    assert.match(detail.lastError ?? '', /fail: broken/);
    assert.deepEqual(
      [detail.thread, detail.phase, detail.suspended, detail.mailboxLimit, detail.quotas],
      ['one', 'ready', false, 10_000, null],
    );
    assert.equal((await tree.actor({ path: 'two/kid' })).state, null);
  });

  for (const [path, message, fix] of [
    ['/onne', /no actor \/onne/, /did you mean \/one\?/],
    ['/two/kidd', /\/two has no child kidd/, /did you mean \/two\/kid\?/],
    ['/one/kid', /\/one has no child kid/, /no children/],
    ['/zzzzzzzzzz', /no actor/, /there are one, two/],
  ] as const) {
    it(`an unknown path, ${path}, is answered with what was meant`, async () => {
      for (const ask of [tree.actor, tree.suspend, tree.restartActor, tree.trace]) {
        await assert.rejects(ask({ path }), { code: 'MF604', message, fix });
      }
    });
  }

  it('suspend: messages wait, health and tree say so, resume lets them run; timers and health go on', async () => {
    const ref = machine.ref<BusyProtocol>('one');
    assert.deepEqual(await tree.suspend({ path: '/one' }), { suspended: true });
    let answered = 0;
    const asks = Array.from({ length: 5 }, () => ref.ask('count', null).then(() => answered++));
    await until('they wait', async () => partOf(await tree.tree({}), '/one').actor?.mailbox === 5);
    await assert.rejects(ref.ask('count', null, { timeoutMs: 100 }), { code: 'MF602' });
    assert.equal(answered, 0);
    assert.equal(partOf(await tree.tree({}), '/one').state, 'suspended');
    const { parts } = await machine.motherboard.healthCheck();
    assert.equal(parts['one']?.status, 'degraded');
    assert.match(`${parts['one']?.summary} ${parts['one']?.fix}`, /suspended.*magflock actor \/one resume/);
    await tree.resume({ path: '/one' });
    await Promise.all(asks);
    assert.equal(answered, 5);
    assert.equal(partOf(await tree.tree({}), '/one').state, 'ready');
  });

  it('a child is suspended alone', async () => {
    await tree.suspend({ path: '/two/kid' });
    const kid = machine.motherboard.ref<{ ping(request: null): string }>('/two/kid');
    await assert.rejects(kid.ask('ping', null, { timeoutMs: 100 }), { code: 'MF602' });
    await machine.ref<BusyProtocol>('two').ask('count', null);
    await tree.resume({ path: '/two/kid' });
    assert.equal(await kid.ask('ping', null), 'pong');
  });

  it('restart ends a suspension; a child that nobody would start again is refused', async () => {
    await tree.suspend({ path: '/inline' });
    const { incarnation } = await tree.restartActor({ path: '/inline' });
    assert.equal(incarnation, 2);
    assert.equal(await machine.ref<BusyProtocol>('inline').ask('incarnation', null), 2);
    await assert.rejects(tree.restartActor({ path: '/two/kid' }), { code: 'MF651' });
    await assert.rejects(tree.suspend({ path: '/motherboard' }), { code: 'MF651' });
  });

  it('trace: method, sender, time, outcome of each message, from the first look to the last', async () => {
    const ref = machine.ref<BusyProtocol>('one');
    await ref.ask('count', 'before');
    await tree.trace({ path: '/one' });
    await ref.ask('wait', { ms: 20 });
    await assert.rejects(ref.ask('fail', { plain: false }));
    ref.tell('count', 'a secret');
    await ref.ask('count', null);
    const { messages, missed } = await tree.trace({ path: '/one' });
    assert.deepEqual(
      messages.map(({ method, from, asked, outcome }) => [method, from, asked, outcome]),
      [
        ['wait', '/', true, 'ok'],
        ['fail', '/', true, 'MF403'],
        ['count', '/', false, 'ok'],
        ['count', '/', true, 'ok'],
      ],
    );
    assert.ok((messages[0]?.ms ?? 0) >= 15);
    assert.equal(missed, 0);
    assert.ok(!JSON.stringify(messages).includes('secret'));
    await tree.trace({ path: '/one', end: true });
    await ref.ask('count', null);
    assert.deepEqual((await tree.trace({ path: '/one' })).messages, []);
    await tree.trace({ path: '/one', end: true });
  });

  it('comes while a thread is blocked, and says which', async () => {
    const spinning = machine.ref<BusyProtocol>('two').ask('spin', { ms: 2_500 }, { timeoutMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const seen = await tree.tree({});
    assert.equal(partOf(seen, '/two').actor, null);
    assert.notEqual(partOf(seen, '/one').actor, null);
    assert.equal(seen.threads.find(({ thread }) => thread === 'two')?.answers, false);
    await spinning;
  });

  it('is answered to parts that ask the motherboard', async () => {
    const board = machine.ref<TreeProtocol>('motherboard');
    assert.equal((await board.ask('tree', {})).parts.length, 5);
    assert.equal((await board.ask('actor', { path: '/one' })).path, '/one');
  });
});

describe('rows of the tree', () => {
  it('groups stand above their parts, children beneath, and those not shown are counted', async () => {
    const machine = await observed([]);
    try {
      const supervisor = { strategy: 'one_for_all', children: [busy('one'), busy('two')] } as const;
      await machine.motherboard.register({ id: 'pair', supervisor });
      for (let index = 0; index < 4; index++) await machine.ref<BusyProtocol>('one').ask('spawn', {});
      const rows = treeRows(await machine.motherboard.tree.tree({ children: 2 }));
      assert.deepEqual(
        rows.map(({ depth, name, where }) => `${'  '.repeat(depth)}${name} ${where}`.trimEnd()),
        ['pair one_for_all', '  one thread one', '    $1', '    $2', '    … 2 more of 4', '  two thread two'],
      );
    } finally {
      await machine.close();
    }
  });
});

describe('an actor that is not metered', () => {
  it('costs no meter', async () => {
    const actor = defineActor<null, { ping(request: null): string }>({
      name: 'plain',
      version: '1.0.0',
      init: () => null,
      methods: { ping: () => 'pong' },
    });
    const lone = await LoneActor.start('plain', actor);
    assert.equal(await lone.ask('ping', null), 'pong');
    assert.equal(lone.cell.hasExtras?.meter, undefined);
  });
});
