import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import {
  type ConsumeOptions,
  Stream,
  type StreamItem,
  type StreamOptions,
} from '../../runtime/bus/stream.ts';
import { streamPartition } from '../../runtime/bus/stream-partition.ts';
import { MemoryStreamStore } from '../../runtime/testing/memory-stream-store.ts';
import { StoreFaults } from '../../runtime/testing/store-faults.ts';
import { until } from './support/until.ts';

interface Consumer {
  append(request: { readonly key: string; readonly value: unknown }): Promise<number>;
  consume(request: { readonly group: string; readonly options?: ConsumeOptions }): void;
  seen(request: null): readonly string[];
}

interface State {
  readonly stream: Stream<unknown>;
  readonly seen: string[];
  readonly handle: (item: StreamItem<unknown>) => void | Promise<void>;
}

/** Keys in partitions of their own. */
const keys = ['a', 'b', 'c', 'd'];

describe('a stream', () => {
  let system: ActorSystem;
  let faults: StoreFaults;
  let store: MemoryStreamStore;

  beforeEach(async () => {
    system = await createActorSystem();
    faults = new StoreFaults();
    store = faults.wrap(new MemoryStreamStore());
    only = undefined;
  });
  afterEach(() => system.stop());

  const start = (handle: State['handle'] = () => {}, options: StreamOptions = {}) =>
    system.spawn(
      defineActor<State, Consumer>({
        name: 'consumer',
        version: '1.0.0',
        init: (context) => ({ stream: new Stream(context, 's', { store, ...options }), seen: [], handle }),
        methods: {
          append: ({ stream }, { key, value }) => stream.append(key, value),
          consume({ stream, seen, handle: run }, { group, options: how }) {
            stream.consume(
              group,
              async (item) => {
                await run(item);
                seen.push(`${item.key} ${String(item.value)}`);
              },
              { pollMs: 20, retryMs: 5, ...how },
            );
          },
          seen: ({ seen }) => [...seen],
        },
      }),
    );

  let only: Stream<number> | undefined;
  /** The stream without an actor around it. */
  function lone(): Stream<number> {
    const context = { signal: new AbortController().signal } as unknown as ActorContext;
    only ??= new Stream<number>(context, 's', { store });
    return only;
  }

  it('gives each of two groups every record, in order for each key', async () => {
    const [producer, one, two] = [start(), start(), start()];
    await one.ask('consume', { group: 'one' });
    await two.ask('consume', { group: 'two' });
    for (let number = 0; number < 10; number++) {
      for (const key of keys) await producer.ask('append', { key, value: number });
    }
    for (const consumer of [one, two]) {
      await until('all seen', async () => (await consumer.ask('seen', null)).length === 40);
      const seen = await consumer.ask('seen', null);
      for (const key of keys) {
        deepEqual(
          seen.filter((line) => line.startsWith(key)),
          Array.from({ length: 10 }, (_, number) => `${key} ${number}`),
        );
      }
    }
  });

  it('shares the records of a group among its members, each to one; who is slow pulls less', async () => {
    equal(new Set(keys.map(streamPartition)).size, keys.length);
    const quick = start();
    const slow = start(() => new Promise((resolve) => setTimeout(resolve, 60)));
    for (let number = 0; number < 20; number++) {
      for (const key of keys) await quick.ask('append', { key, value: number });
    }
    await slow.ask('consume', { group: 'g', options: { member: 'slow', limit: 1 } });
    await quick.ask('consume', { group: 'g', options: { member: 'quick', limit: 4 } });
    await until('all consumed', async () => (await store.facts({ stream: 's' })).lag['g'] === 0, 15_000);
    const [ofSlow, ofQuick] = [await slow.ask('seen', null), await quick.ask('seen', null)];
    deepEqual([...ofSlow, ...ofQuick].sort(), [...new Set([...ofSlow, ...ofQuick])].sort());
    equal(ofSlow.length + ofQuick.length, 80);
    ok(ofSlow.length < ofQuick.length, `${ofSlow.length} and ${ofQuick.length}`);
  });

  it('shares appends among records that come together, and gives each its offset', async () => {
    const offsets = await Promise.all(Array.from({ length: 500 }, (_, value) => lone().append('k', value)));
    deepEqual(
      offsets,
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
    ok((faults.calls.get('append') ?? 0) <= 3, `${faults.calls.get('append')} appends`);
  });

  it('goes on where its group was when it comes back', async () => {
    const first = start();
    for (const value of [1, 2, 3]) await first.ask('append', { key: 'k', value });
    await first.ask('consume', { group: 'g' });
    await until('seen', async () => (await first.ask('seen', null)).length === 3);
    await until('committed', async () => (await store.facts({ stream: 's' })).lag['g'] === 0);
    const second = start();
    await second.ask('append', { key: 'k', value: 4 });
    await second.ask('consume', { group: 'g', options: { member: 'second' } });
    await until('seen', async () => {
      const all = [...(await first.ask('seen', null)), ...(await second.ask('seen', null))];
      return all.length === 4;
    });
  });

  it('tries a record that fails again, keeps its key in order and lets the others pass', async () => {
    let failures = 2;
    const consumer = start(({ key }) => {
      if (key === 'a' && failures-- > 0) throw new Error('not yet');
    });
    for (const [key, value] of [
      ['a', 1],
      ['a', 2],
      ['b', 1],
    ] as const) {
      await consumer.ask('append', { key, value });
    }
    await consumer.ask('consume', { group: 'g' });
    await until('all seen', async () => (await consumer.ask('seen', null)).length === 3);
    deepEqual(await consumer.ask('seen', null), ['b 1', 'a 1', 'a 2']);
  });

  it('passes a record over that fails too often', async () => {
    const consumer = start(({ value }) => {
      if (value === 1) throw new Error('never');
    });
    for (const value of [1, 2]) await consumer.ask('append', { key: 'a', value });
    await consumer.ask('consume', { group: 'g', options: { attempts: 2 } });
    await until('the next one', async () => (await consumer.ask('seen', null)).length === 1);
    deepEqual(await consumer.ask('seen', null), ['a 2']);
  });

  it('refuses to append when the database does, and goes on consuming when it is back', async () => {
    const consumer = start();
    await consumer.ask('consume', { group: 'g' });
    faults.fail('append');
    await rejects(consumer.ask('append', { key: 'a', value: 1 }), { code: 'MF503' });
    faults.fail('pull', { times: 2 });
    faults.fail('commit');
    await consumer.ask('append', { key: 'a', value: 2 });
    await until('seen', async () => (await consumer.ask('seen', null)).includes('a 2'));
  });

  it('does not let more wait for the database than fits (MF603)', async () => {
    const release = faults.hold('append');
    const stream = lone();
    const appends = Array.from({ length: 11_001 }, (_, value) => stream.append('k', value));
    const outcomes = Promise.allSettled(appends);
    await new Promise((resolve) => setImmediate(resolve));
    release();
    const refused = (await outcomes).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    ok(refused.length >= 1 && refused.length <= 1_001, `${refused.length} refused`);
    equal(refused[0]?.reason.code, 'MF603');
  });

  it('forgets what is older than its retention', async () => {
    const consumer = start(undefined, { retention: { maxBytes: 100 }, trimMs: 20 });
    for (let value = 0; value < 50; value++)
      await consumer.ask('append', { key: 'k', value: 'x'.repeat(20) });
    await until('trimmed', async () => (await store.facts({ stream: 's' })).bytes <= 100);
    equal((await store.facts({ stream: 's' })).last, 50);
  });
});
