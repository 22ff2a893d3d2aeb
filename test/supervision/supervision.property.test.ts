import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChildPolicy, ChildRecord } from '../../runtime/supervision/child-record.ts';
import { Family } from './support/family.ts';

/** A family whose children are known to be alive or not, whatever their supervisor thinks. */
class WatchedFamily extends Family {
  readonly alives = new Set<string>();

  override life(id: string): ReturnType<Family['life']> {
    const life = super.life(id);
    return {
      start: (incarnation, again) => {
        assert.ok(!this.alives.has(id), `${id} is started while it lives`);
        this.alives.add(id);
        const start = life.start(incarnation, again);
        start.catch(() => this.alives.delete(id));
        return start;
      },
      stop: async (again) => {
        const outcome = await life.stop(again);
        this.alives.delete(id);
        return outcome;
      },
      kill: async () => {
        await life.kill();
        this.alives.delete(id);
      },
    };
  }

  override exit(id: string, reason: 'normal' | 'shutdown' | 'crash'): void {
    // Only what runs can end, and one whose start hangs does not.
    if (!this.alives.has(id) || this.faults.hangingStarts.has(id)) return;
    if (this.child(id).state !== 'ready') return;
    this.alives.delete(id);
    super.exit(id, reason);
  }
}

type Step =
  | { readonly kind: 'exit'; readonly id: string; readonly reason: 'normal' | 'shutdown' | 'crash' }
  | { readonly kind: 'fail'; readonly id: string; readonly times: number }
  | { readonly kind: 'hangStart' | 'hangStop' | 'restart'; readonly id: string }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'hops'; readonly hops: number }
  | { readonly kind: 'stop' | 'start' };

const ids = ['a', 'b', 'c', 'd'];
const id = fc.constantFrom(...ids);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('hops' as const), hops: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('exit' as const),
      id,
      reason: fc.constantFrom('normal' as const, 'shutdown' as const, 'crash' as const, 'crash' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(0, 3, 10, 50, 6_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('fail' as const), id, times: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('hangStart' as const, 'hangStop' as const, 'restart' as const),
      id,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'start' as const) }) },
);

const restart = fc.constantFrom('permanent' as const, 'transient' as const, 'temporary' as const);
const family = fc.record({
  strategy: fc.constantFrom('one_for_one' as const, 'one_for_all' as const, 'rest_for_one' as const),
  onIntensity: fc.constantFrom('escalate' as const, 'quarantine' as const),
  restarts: fc.tuple(restart, restart, restart, restart),
});

async function live(own: WatchedFamily, one: Step, running: Promise<unknown>[]): Promise<void> {
  switch (one.kind) {
    case 'exit':
      own.exit(one.id, one.reason);
      break;
    case 'fail':
      own.faults.failing.set(one.id, one.times);
      break;
    case 'hangStart':
      if (!own.alives.has(one.id)) own.faults.hangingStarts.add(one.id);
      break;
    case 'hangStop':
      own.faults.hangingStops.add(one.id);
      break;
    case 'restart':
      running.push(own.core.restart(one.id).catch(() => {}));
      break;
    case 'pass':
      await own.clock.pass(one.ms);
      break;
    case 'hops':
      for (let hop = 0; hop < one.hops; hop++) await null;
      break;
    case 'stop':
    case 'start': {
      // As a parent does it: never a start while it still stops.
      const stop = own.core.stopAll();
      await own.clock.pass(100_000);
      await stop;
      assert.deepEqual([...own.alives], [], 'nothing lives after a stop');
      assert.equal(own.clock.pending, 0, 'nothing is planned after a stop');
      own.faults.hangingStarts.clear();
      own.ends.length = 0;
      if (one.kind === 'start') running.push(own.core.startAll().catch(() => {}));
      break;
    }
    default:
      one satisfies never;
  }
}

/** Whom the states say to live. */
const ready = (children: readonly ChildRecord[]) =>
  children.filter(({ state }) => state === 'ready').map(({ policy }) => policy.id);

describe('supervision, whatever happens', () => {
  it('never gives a child two lives, knows who lives, comes to rest, and stops all', async () => {
    await fc.assert(
      fc.asyncProperty(family, fc.array(step, { maxLength: 40 }), async (made, steps) => {
        const { strategy, onIntensity, restarts } = made;
        const children: ChildPolicy[] = ids.map((each, n) => ({
          id: each,
          restart: restarts[n] ?? 'permanent',
          startMs: 1_000,
          stopMs: 500,
        }));
        const own = new WatchedFamily(children, { strategy, onIntensity });
        await own.core.startAll();
        const running: Promise<unknown>[] = [];
        for (const one of steps) await live(own, one, running);
        own.faults.hangingStarts.clear();
        own.faults.failing.clear();
        await own.clock.pass(200_000);
        await Promise.all(running);
        assert.equal(own.clock.pending, 0, 'it comes to rest');
        assert.deepEqual([...own.alives].sort(), ready(own.core.children()));
        const moving = own.core
          .children()
          .flatMap(({ policy, state }) => (/ing$/.test(state) ? [policy.id] : []));
        assert.deepEqual(moving, []);
        const stop = own.core.stopAll();
        await own.clock.pass(10_000);
        await stop;
        assert.deepEqual([...own.alives], []);
      }),
      { numRuns: 1_000 },
    );
  });
});
