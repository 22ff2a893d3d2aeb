import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ActorCell } from '../../runtime/actor/actor-cell.ts';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { cellWatchers } from '../../runtime/actor/cell-watchers.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { Terminated } from '../../runtime/actor/terminated.ts';
import { WatchDesk } from '../../runtime/actor/watch-desk.ts';
import type { WatchFrame } from '../../runtime/actor/watch-frame.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import type { Route } from '../../runtime/placement/route.ts';
import { RouteTable } from '../../runtime/placement/route-table.ts';
import { type BondProtocol, actor as bond } from './fixtures/bond.actor.ts';
import { LoneHost } from './support/lone-host.ts';
import { fixture } from './support/machine.ts';
import { until } from './support/until.ts';

type Bond = ActorRef<BondProtocol>;
const module = fixture('bond.actor');
let named = 0;

/** A watcher in each place from which one can watch. */
const watchers = {
  'an actor of the main thread': async (system: ActorSystem) => system.spawn(bond),
  'an inline part': (system: ActorSystem) =>
    system.start<BondProtocol>({ id: `inline-${++named}`, module, placement: { kind: 'inline' } }),
  'a part in a thread': (system: ActorSystem) =>
    system.start<BondProtocol>({ id: `thread-${++named}`, module, placement: { kind: 'thread' } }),
} as const;

describe('watches', () => {
  let system: ActorSystem;
  before(async () => {
    system = await createActorSystem({
      supervision: { backoff: { baseMs: 5 }, intensity: { restarts: 500 } },
    });
  });
  after(() => system.stop());

  const part = (kind: 'thread' | 'inline' = 'thread'): Promise<Bond> =>
    system.start<BondProtocol>({ id: `target-${++named}`, module, placement: { kind } });
  const firstEnd = async (watcher: Bond): Promise<Terminated> => {
    await until('the watcher hears of an end', async () => (await watcher.ask('ends', null)).length > 0);
    // Long enough for a second one to come.
    await new Promise((resolve) => setTimeout(resolve, 30));
    const ends = await watcher.ask('ends', null);
    assert.equal(ends.length, 1);
    return ends[0] as Terminated;
  };

  const ends: readonly [string, Terminated['reason']['kind'], (target: Bond) => Promise<unknown>][] = [
    ['a normal exit', 'normal', (target) => target.ask('leave', 'normal')],
    ['a shutdown', 'shutdown', (target) => target.ask('leave', 'shutdown')],
    ['a crash', 'crash', (target) => target.ask('leave', 'crash')],
    ['the end of its thread', 'crash', (target) => target.ask('leave', 'thread')],
    ['a restart by hand', 'shutdown', (target) => system.motherboard.restart(target.path.slice(1))],
    ['its removal', 'shutdown', (target) => system.motherboard.unregister(target.path.slice(1))],
  ];

  for (const [where, make] of Object.entries(watchers)) {
    describe(`of ${where}`, () => {
      for (const [what, kind, end] of ends) {
        it(`hear once of ${what} of a part in a thread`, async () => {
          const watcher = await make(system);
          const target = await part();
          await watcher.ask('watch', target.path);
          await end(target);
          const { path, incarnation, reason } = await firstEnd(watcher);
          assert.deepEqual([path, incarnation, reason.kind], [target.path, 1, kind], reason.detail);
        });
      }

      for (const how of ['normal', 'crash', 'thread', 'stopped', 'parent'] as const) {
        it(`hear once of a child in another thread (${how})`, async () => {
          const watcher = await make(system);
          const parent = await part();
          const path = await parent.ask('spawn', 'child');
          await watcher.ask('watch', path);
          const child = system.ref<BondProtocol>(path);
          await child.ask('ping', null);
          // The watch is on its way; what the watcher asks afterwards is behind it.
          await watcher.ask('ping', null);
          await new Promise((resolve) => setTimeout(resolve, 20));
          if (how === 'stopped') await parent.ask('stop', 'child');
          else if (how === 'parent') await system.motherboard.unregister(parent.path.slice(1));
          else await child.ask('leave', how);
          const end = await firstEnd(watcher);
          assert.equal(end.path, path);
          const kinds = {
            normal: 'normal',
            crash: 'crash',
            thread: 'crash',
            stopped: 'shutdown',
            parent: 'shutdown',
          };
          assert.equal(end.reason.kind, kinds[how], end.reason.detail);
        });
      }

      it('hear at once of what is not there: a part, a child, a child of nobody', async () => {
        const target = await part();
        await system.motherboard.unregister(target.path.slice(1));
        const other = await part();
        for (const path of ['/nobody', target.path, `${other.path}/nobody`, '/nobody/child']) {
          const watcher = await make(system);
          await watcher.ask('watch', path);
          const { reason, incarnation } = await firstEnd(watcher);
          assert.deepEqual([reason.kind, incarnation], ['unavailable', 0], path);
        }
      });

      it('do not take a hot swap for an end', async () => {
        const watcher = await make(system);
        const target = await part();
        await watcher.ask('watch', target.path);
        await system.motherboard.swap(target.path.slice(1));
        assert.equal(await target.ask('ping', null), 2);
        assert.deepEqual(await watcher.ask('ends', null), []);
        await target.ask('leave', 'crash');
        const { incarnation, reason } = await firstEnd(watcher);
        assert.deepEqual([incarnation, reason.kind], [2, 'crash']);
      });

      it('are silent once they are ended', async () => {
        const watcher = await make(system);
        const target = await part();
        const path = await target.ask('spawn', 'child');
        for (const each of [target.path, path]) {
          await watcher.ask('watch', each);
          await watcher.ask('unwatch', each);
        }
        await target.ask('leave', 'crash');
        await until('it is back', async () => (await target.ask('ping', null)) === 2);
        await new Promise((resolve) => setTimeout(resolve, 30));
        assert.deepEqual(await watcher.ask('ends', null), []);
      });
    });
  }

  it('fire once each, and leave nothing, whoever ends or stops watching when', async () => {
    // Children of one actor watch each other; the model knows who must have heard of what.
    const step = fc.oneof(
      fc.record({ kind: fc.constant('watch' as const), by: fc.nat(3), of: fc.nat(3) }),
      fc.record({ kind: fc.constant('unwatch' as const), by: fc.nat(3), of: fc.nat(3) }),
      fc.record({ kind: fc.constant('end' as const), by: fc.nat(3), of: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const contexts: ActorContext[] = [];
        const probe = defineActor<null, { ping(request: null): void }>({
          name: 'probe',
          version: '1',
          init(context) {
            contexts.push(context);
            return null;
          },
          methods: { ping: () => {} },
        });
        const probes = [0, 1, 2, 3].map(() => system.spawn(probe));
        const alive = [true, true, true, true];
        const live: { by: number; of: number; count: number; expected: number; end: () => void }[] = [];
        for (const { kind, by, of } of steps) {
          if (kind === 'watch' && alive[by]) {
            const watch = { by, of, count: 0, expected: alive[of] ? 0 : 1, end: () => {} };
            watch.end = (contexts[by] as ActorContext).watch(probes[of] as never, () => {
              watch.count += 1;
            });
            live.push(watch);
            // What fires at once runs before anybody changes his mind.
            await probes[by]?.ask('ping', null);
          } else if (kind === 'unwatch') {
            for (const watch of live) if (watch.by === by && watch.of === of) watch.end();
            for (const watch of live) {
              if (watch.by === by && watch.of === of && watch.expected === 0) watch.of = -1;
            }
          } else if (kind === 'end' && alive[by]) {
            alive[by] = false;
            (contexts[by] as ActorContext).exit();
            for (const watch of live) if (watch.of === by && alive[watch.by]) watch.expected = 1;
            await new Promise((resolve) => setImmediate(resolve));
            for (const [index, each] of probes.entries()) if (alive[index]) await each.ask('ping', null);
          }
        }
        for (const [index, context] of contexts.entries()) if (alive[index]) context.exit();
        await new Promise((resolve) => setImmediate(resolve));
        for (const { by, of, count, expected } of live) assert.equal(count, expected, `${by} watches ${of}`);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the watches of two threads', () => {
  /** Two threads with a part each and three children of it, connected by a wire that delivers when it is told to. */
  function world() {
    const wire: { from: Thread; to: Thread; frame: WatchFrame }[] = [];
    const cells = new Map<string, ActorCell>();
    const thread = (name: Thread) => {
      const routes = new RouteTable();
      const desk = new WatchDesk({
        thread: name,
        routes,
        cell: (path) => cells.get(path) as ActorCell,
        sendWatch: (to, frame) => wire.push({ from: name, to: to as Thread, frame }),
      });
      return { routes, desk };
    };
    const threads = { a: thread('a'), b: thread('b') };
    for (const name of ['a', 'b'] as const) {
      const part = new ActorCell(name, new LoneHost());
      cells.set(name, part);
      for (const child of ['x', 'y', 'z']) {
        cells.set(`${name}/${child}`, new ActorCell(child, part.host, part));
      }
    }
    const route = (name: Thread, state: Route['state'], incarnation: number) => {
      const routes = [{ name, thread: name, state, incarnation, reason: 'test' }];
      for (const { routes: table } of Object.values(threads)) table.update(routes);
    };
    for (const name of ['a', 'b'] as const) route(name, 'ready', 1);
    const deliver = (most = Number.POSITIVE_INFINITY) => {
      for (let left = most; left > 0 && wire.length > 0; left--) {
        const { from, to, frame } = wire.shift() as (typeof wire)[number];
        threads[to].desk.onFrame(from, frame);
      }
    };
    const reborn = () => {
      const { desk, routes } = thread('b');
      routes.update(threads.a.routes.all());
      return { desk, routes };
    };
    return { wire, cells, threads, route, deliver, reborn };
  }
  type Thread = 'a' | 'b';

  it('fire once each, and nothing is left on either side, whatever is under way', () => {
    const target = fc.constantFrom('a', 'b', 'a/x', 'a/y', 'a/z', 'b/x', 'b/y', 'b/z');
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('watch' as const),
        by: fc.constantFrom('a' as const, 'b' as const),
        target,
      }),
      fc.record({ kind: fc.constant('unwatch' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('end' as const), target }),
      fc.record({ kind: fc.constant('deliver' as const), most: fc.nat(4) }),
      fc.record({ kind: fc.constant('thread b dies' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { wire, cells, threads, route, deliver, reborn } = world();
        const watches: { by: Thread; count: number; over: boolean; late: boolean; end: () => void }[] = [];
        const incarnations = { a: 1, b: 1 };
        const end = (path: string) => {
          const reason = { kind: 'normal', detail: '' } as const;
          if (path === 'a' || path === 'b') {
            for (const child of ['x', 'y', 'z']) end(`${path}/${child}`);
            route(path, 'pending', incarnations[path]);
            route(path, 'ready', ++incarnations[path]);
          } else cellWatchers.fire(cells.get(path) as ActorCell, 1, reason);
        };
        const kill = () => {
          // What is on the wire to a thread that died is lost, what it had sent is not.
          for (const { from, to, frame } of wire.splice(0)) {
            if (from === 'b') threads[to].desk.onFrame(from, frame);
          }
          // Whatever b kept is gone with it; its side begins anew.
          for (const child of ['x', 'y', 'z']) {
            (cells.get(`b/${child}`) as ActorCell).extras.watchers = undefined;
          }
          threads.a.desk.threadDown('b', { kind: 'crash', detail: 'killed' });
          wire.length = 0;
          threads.b = reborn();
          for (const watch of watches) if (watch.by === 'b') watch.over = true;
          route('b', 'pending', incarnations.b);
          route('b', 'ready', ++incarnations.b);
        };
        for (const each of steps) {
          if (each.kind === 'watch') {
            const watch = { by: each.by, count: 0, over: false, late: false, end: () => {} };
            watch.end = threads[each.by].desk.watch(
              each.target.includes('/') && each.target.startsWith(each.by)
                ? (cells.get(each.target) as ActorCell)
                : each.target,
              () => {
                watch.count += 1;
                if (watch.over) watch.late = true;
              },
            );
            watches.push(watch);
          } else if (each.kind === 'unwatch') {
            const watch = watches[each.which];
            if (watch !== undefined) {
              watch.over = true;
              watch.end();
            }
          } else if (each.kind === 'end') end(each.target);
          else if (each.kind === 'deliver') deliver(each.most);
          else kill();
        }
        deliver();
        for (const path of ['a', 'b']) end(path);
        deliver();
        kill();
        for (const { count, over, late } of watches) {
          assert.equal(late, false, 'one that was ended fired');
          assert.ok(over ? count <= 1 : count === 1, `it fired ${count} times`);
        }
        assert.deepEqual([threads.a.desk.size, threads.b.desk.size], [0, 0]);
        for (const cell of cells.values()) assert.equal(cell.hasExtras?.watchers?.size ?? 0, 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('links', () => {
  let system: ActorSystem;
  before(async () => {
    system = await createActorSystem({
      supervision: { backoff: { baseMs: 5 }, intensity: { restarts: 500 } },
    });
  });
  after(() => system.stop());

  const start = (kind: 'thread' | 'inline'): Promise<Bond> =>
    system.start<BondProtocol>({
      id: `linked-${++named}`,
      module,
      placement: { kind },
      restart: 'temporary',
    });
  const isGone = (one: Bond) =>
    one.ask('ping', null).then(
      () => false,
      () => true,
    );

  for (const [first, second] of [
    ['thread', 'thread'],
    ['thread', 'inline'],
    ['inline', 'thread'],
    ['inline', 'inline'],
  ] as const) {
    for (const ending of ['the linking', 'the linked'] as const) {
      it(`take the other one along in a crash of ${ending} (${first} to ${second})`, async () => {
        const [one, two] = [await start(first), await start(second)];
        const watcher = system.spawn(bond);
        const [dying, other] = ending === 'the linking' ? [one, two] : [two, one];
        await watcher.ask('watch', other.path);
        await one.ask('link', two.path);
        await new Promise((resolve) => setTimeout(resolve, 30));
        await dying.ask('leave', 'crash');
        await until('the other one has ended', () => isGone(other));
        await until('it is told', async () => (await watcher.ask('ends', null)).length === 1);
        const [end] = await watcher.ask('ends', null);
        assert.equal(end?.reason.kind, 'crash');
        assert.match(end?.reason.detail ?? '', new RegExp(`linked to ${dying.path}: .*broken`));
      });
    }
  }

  it('spread neither a normal end nor a shutdown, and nothing once they are ended', async () => {
    const one = await start('thread');
    for (const how of ['normal', 'shutdown', 'unlinked'] as const) {
      const two = await start('thread');
      await one.ask('link', two.path);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (how === 'unlinked') await one.ask('unlink', two.path);
      await two.ask('leave', how === 'unlinked' ? 'crash' : how);
      await until('the other one has ended', () => isGone(two));
    }
    assert.equal(await one.ask('ping', null), 1);
  });

  it('spread the death of a thread, and to one that is not there', async () => {
    const [one, two, three] = [await start('thread'), await start('thread'), await start('thread')];
    await one.ask('link', two.path);
    await two.ask('leave', 'thread');
    await until('the other one has ended', () => isGone(one));
    await three.ask('link', '/nobody');
    await until('it has ended', () => isGone(three));
  });

  it('outlive a hot swap of the linked one', async () => {
    const [one, two] = [await start('thread'), await start('thread')];
    await one.ask('link', two.path);
    await system.motherboard.swap(two.path.slice(1));
    assert.equal(await two.ask('ping', null), 2);
    assert.equal(await one.ask('ping', null), 1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await one.ask('leave', 'crash');
    await until('the other one has ended', () => isGone(two));
  });

  it('are told to one that traps exits, normal ones too', async () => {
    const trapped: string[] = [];
    const trapper = defineActor<ActorContext, { link(path: string): void }>({
      name: 'trapper',
      version: '1',
      init: (context) => context,
      trapExits(_state, { path, reason }) {
        trapped.push(`${path} ${reason.kind}`);
      },
      methods: { link: (context, path) => void context.link(context.ref(path)) },
    });
    const one = system.spawn(trapper);
    const [two, three] = [await start('thread'), await start('inline')];
    await one.ask('link', two.path);
    await one.ask('link', three.path);
    await one.ask('link', '/nobody');
    await two.ask('leave', 'crash');
    await until('two is told', () => trapped.length === 2);
    await three.ask('leave', 'normal');
    await until('three is told', () => trapped.length === 3);
    assert.deepEqual(trapped, ['/nobody unavailable', `${two.path} crash`, `${three.path} normal`]);
  });
});
