import assert from 'node:assert/strict';
import { AskChainGraph } from '../../runtime/actor/ask-chain-graph.ts';
import type { BlockedAsk } from '../../runtime/actor/blocked-ask.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { HopperProtocol } from './fixtures/define-hopper.ts';
import { fixture } from './support/machine.ts';
import { until } from './support/until.ts';

/** Far more than it takes, and less than the deadline of an ask. */
const soon = 8_000;

/** The error with which an ask was refused, and the actors it names. */
async function refusal(asked: Promise<unknown>): Promise<{ readonly code: string; readonly path: string }> {
  const start = Date.now();
  const error = await asked.then(
    (answer) => assert.fail(`answered ${String(answer)}`),
    (thrown: MagFlockError) => thrown,
  );
  assert.ok(Date.now() - start < soon, 'it was the deadline that ended it');
  return { code: error.code, path: /: (\/.*)$/.exec(error.message)?.[1] ?? error.message };
}

describe('a circle of asks', () => {
  let system: ActorSystem;
  const hopper = (path: string) => system.ref<HopperProtocol>(path);

  before(async () => {
    system = await createActorSystem();
    const parts = [
      ...['a', 'b', 'c'].map((id) => ({ id, kind: 'thread' as const, module: 'hopper.actor' })),
      ...['x', 'y'].map((id) => ({ id, kind: 'inline' as const, module: 'hopper.actor' })),
      { id: 'free', kind: 'thread' as const, module: 'reentrant-hopper.actor' },
      { id: 'free-inline', kind: 'inline' as const, module: 'reentrant-hopper.actor' },
      { id: 'three', kind: 'thread' as const, module: 'triple-hopper.actor' },
    ];
    for (const { id, kind, module } of parts)
      await system.start({ id, module: fixture(module), placement: { kind } });
    for (const path of ['/a', '/x']) await hopper(path).ask('child', 'kid');
  });
  after(() => system.stop());

  const circles: readonly (readonly [string, readonly string[]])[] = [
    ['of one, in a thread', ['/a', '/a']],
    ['of one, inline', ['/x', '/x']],
    ['of one, a child', ['/x/kid', '/x/kid']],
    ['of two, over threads', ['/a', '/b', '/a']],
    ['of two, in the same thread', ['/x', '/y', '/x']],
    ['of two, main thread and another', ['/x', '/a', '/x']],
    ['of three, over threads', ['/a', '/b', '/c', '/a']],
    ['of three, inline', ['/x', '/y', '/x/kid', '/x']],
    ['of a parent and its child', ['/a', '/a/kid', '/a']],
    ['of a child that is reached from another thread', ['/a/kid', '/b', '/a/kid']],
  ];
  for (const [name, [first = '', ...route]] of circles) {
    it(`${name} is refused with its path`, async () => {
      const found = await refusal(hopper(first).ask('visit', { route }));
      assert.deepEqual(found, { code: 'MF616', path: [first, ...route].join(' -> ') });
      // All of them are free again.
      for (const path of new Set([first, ...route])) {
        assert.deepEqual(await hopper(path).ask('visit', { route: [] }), [path]);
      }
    });
  }

  it('names the circle alone when the way to it is longer', async () => {
    const found = await refusal(hopper('/c').ask('visit', { route: ['/a', '/b', '/a'] }));
    assert.deepEqual(found, { code: 'MF616', path: '/a -> /b -> /a' });
  });

  for (const [where, one, other] of [
    ['over threads', '/a', '/b'],
    ['in the same thread', '/x', '/y'],
    ['main thread and another', '/x', '/a'],
  ] as const) {
    it(`of two calls that nobody made in each other is refused (${where})`, async () => {
      const outcomes = await Promise.all(
        [
          hopper(one).ask('visit', { route: [other], before: 30 }),
          hopper(other).ask('visit', { route: [one], before: 30 }),
        ].map((asked) =>
          asked.then(
            () => 'answered',
            (error: MagFlockError) => `${error.code} ${/: (\/.*)$/.exec(error.message)?.[1]}`,
          ),
        ),
      );
      const circle = [`MF616 ${one} -> ${other} -> ${one}`, `MF616 ${other} -> ${one} -> ${other}`];
      const refused = outcomes.filter((outcome) => outcome !== 'answered');
      assert.equal(refused.length, 1, outcomes.join());
      assert.ok(circle.includes(refused[0] as string), refused[0]);
    });
  }

  it('that a timer began is refused', async () => {
    await hopper('/a').ask('visit', { route: ['/b', '/a'], how: 'timer' });
    await until('it was refused', async () => (await hopper('/a').ask('floated', null)).length > 0);
    assert.deepEqual(await hopper('/a').ask('floated', null), ['MF616']);
  });

  it('that a tell began is refused, and tells in it are none', async () => {
    hopper('/c').tell('visit', { route: ['/c'] });
    const start = Date.now();
    await hopper('/c').ask('visit', { route: [] });
    assert.ok(Date.now() - start < soon);
    assert.deepEqual(await hopper('/a').ask('visit', { route: ['/b', '/a'], how: 'tell', after: 400 }), [
      '/a',
    ]);
  });

  it('is none when the answer is not awaited: the ask is answered when the method has ended', async () => {
    for (const path of ['/b', '/y']) {
      await hopper(path).ask('visit', { route: [path], how: 'float', after: 100 });
      await until('answered', async () => (await hopper(path).ask('floated', null)).length > 0);
      assert.deepEqual(await hopper(path).ask('floated', null), [path]);
    }
  });

  it('is none when the one in between has answered already and asks back without awaiting', async () => {
    for (const [path, other] of [
      ['/a', '/b'],
      ['/x', '/y'],
    ] as const) {
      // The other answers at once; its own ask waits for a call that goes on for long.
      const trip = { route: [other], after: 900, back: path };
      assert.deepEqual(await hopper(path).ask('visit', trip), [path, other]);
      await until('answered', async () => (await hopper(other).ask('floated', null)).at(-1) === path);
    }
  });

  it('needs all places of an actor that runs several at a time', async () => {
    const twice = await hopper('/three').ask('visit', { route: ['/a', '/three', '/b', '/three'] });
    assert.deepEqual(twice, ['/three', '/a', '/three', '/b', '/three']);
    const route = ['/a', '/three', '/b', '/three', '/c', '/three'];
    const found = await refusal(hopper('/three').ask('visit', { route }));
    assert.deepEqual(found, { code: 'MF616', path: ['/three', ...route].join(' -> ') });
    const many = await Promise.all(
      [1, 2, 3].map(() =>
        hopper('/three')
          .ask('visit', { route: ['/x', '/three'], before: 20 })
          .catch((e) => e.code),
      ),
    );
    assert.ok(many.includes('MF616'), String(many));
  });

  for (const path of ['/free', '/free-inline']) {
    it(`is none for a reentrant actor (${path})`, async () => {
      assert.deepEqual(await hopper(path).ask('visit', { route: [path] }), [path, path]);
      const route = ['/a', path, '/b', path];
      assert.deepEqual(await hopper(path).ask('visit', { route }), [path, ...route]);
    });

    it(`lets in only asks of its own chain (${path})`, async () => {
      const order: string[] = [];
      const busy = hopper(path)
        .ask('visit', { route: ['/a', path], before: 40, after: 60 })
        .then(() => order.push('busy'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      const other = hopper(path)
        .ask('visit', { route: [] })
        .then(() => order.push('other'));
      await Promise.all([busy, other]);
      assert.deepEqual(order, ['busy', 'other']);
    });

    it(`keeps state that is changed in one go consistent over its awaits (${path})`, async () => {
      const before = await hopper(path).ask('total', null);
      const adds = Array.from({ length: 20 }, () =>
        hopper(path).ask('add', { route: ['/b', path], number: 1 }),
      );
      await Promise.all(adds);
      assert.equal(await hopper(path).ask('total', null), before + 40);
    });
  }

  it('ends a recursion that would never end', async () => {
    const found = await refusal(hopper('/free').ask('visit', { route: Array(80).fill('/free') }));
    assert.equal(found.code, 'MF616');
    assert.match(found.path, /^\/free -> \/free .*… -> /);
  });
});

describe('the graph of asks over all threads', () => {
  const ask = (
    name: number,
    at: string,
    chain: BlockedAsk['chain'],
    behind: number[],
    since = 0,
    seen = 10,
  ) => ({ name, at, chain, behind, since, seen }) satisfies BlockedAsk;

  it('finds nobody while one of them may go on', () => {
    const graph = new AskChainGraph();
    assert.equal(graph.take('one', [ask(1, '/b', ['/a', 1], [2])]), undefined);
    assert.equal(graph.take('two', [ask(1, '/c', ['/b', 2], [3])]), undefined);
    // One of two places of a is not part of it.
    assert.equal(graph.take('three', [ask(1, '/a', ['/c', 3], [1, 9])]), undefined);
    const found = graph.take('three', [ask(1, '/a', ['/c', 3], [1])]);
    assert.deepEqual(new Set(found?.path), new Set(['/a', '/b', '/c']));
    assert.equal(found?.path.length, 4);
    assert.equal(found?.path[0], found?.path[3]);
  });

  it('takes only what held at the same moment for a circle', () => {
    const graph = new AskChainGraph();
    graph.take('one', [ask(1, '/b', ['/a', 1], [2], 0, 10)]);
    assert.equal(graph.take('two', [ask(1, '/a', ['/b', 2], [1], 20, 20)]), undefined);
    assert.notEqual(graph.take('one', [ask(1, '/b', ['/a', 1], [2], 0, 60)]), undefined);
  });

  it('forgets what a thread no longer reports', () => {
    const graph = new AskChainGraph();
    graph.take('one', [ask(1, '/b', ['/a', 1], [2])]);
    graph.take('one', []);
    assert.equal(graph.take('two', [ask(1, '/a', ['/b', 2], [1])]), undefined);
  });
});
