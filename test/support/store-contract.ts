import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { JournalEntry } from '../../runtime/bus/journal-store.ts';
import type { OutboxEvent } from '../../runtime/bus/outbox-store.ts';
import { streamPartition } from '../../runtime/bus/stream-partition.ts';
import type { Pulled } from '../../runtime/bus/stream-store.ts';
import type { Stores } from '../../runtime/persistence/storage-stores.ts';

/** Sentences every implementation of the stores must keep: in memory, in PostgreSQL, behind a ref. */
export function storeContract(stores: () => Stores): void {
  let names = 0;
  const fresh = (): string => `test-${process.pid}-${++names}`;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const entry = (seq: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
    seq,
    id: null,
    method: 'add',
    payload: bytes(`payload ${seq}`),
    reply: null,
    ...more,
  });

  describe('a journal', () => {
    it('is empty when it is opened first, and each opening is a new epoch', async () => {
      const journal = fresh();
      const first = await stores().journal.open({ journal });
      deepEqual([first.lastSeq, first.snapshot, first.unfinished.opened], [0, null, 0]);
      ok((await stores().journal.open({ journal })).epoch > first.epoch);
    });

    it('gives back what was appended, byte by byte and in order', async () => {
      const journal = fresh();
      const { epoch } = await stores().journal.open({ journal });
      const odd = Uint8Array.from([0, 255, 92, 120, 0]);
      const entries = [entry(1, { payload: odd }), entry(2, { id: 'x', reply: odd }), entry(3)];
      await stores().journal.append({ journal, epoch, entries: entries.slice(0, 2) });
      await stores().journal.append({ journal, epoch, entries: entries.slice(2) });
      const read = await stores().journal.read({ journal, after: 0, limit: 10 });
      deepEqual(
        read,
        entries.map((one) => ({ ...one, skipped: false })),
      );
      deepEqual(
        (await stores().journal.read({ journal, after: 1, limit: 1 })).map(({ seq }) => seq),
        [2],
      );
      equal((await stores().journal.open({ journal })).lastSeq, 3);
    });

    it('takes the same entries once when its owner sends them again', async () => {
      const journal = fresh();
      const { epoch } = await stores().journal.open({ journal });
      const entries = [entry(1), entry(2)];
      await stores().journal.append({ journal, epoch, entries });
      await stores().journal.append({ journal, epoch, entries });
      equal((await stores().journal.read({ journal, after: 0, limit: 10 })).length, 2);
    });

    it('refuses a gap, and then nothing was written', async () => {
      const journal = fresh();
      const { epoch } = await stores().journal.open({ journal });
      await rejects(stores().journal.append({ journal, epoch, entries: [entry(2)] }), { code: 'MF631' });
      equal((await stores().journal.read({ journal, after: 0, limit: 10 })).length, 0);
    });

    for (const [call, run] of [
      ['append', (owner) => stores().journal.append({ ...owner, entries: [entry(2)] })],
      ['snapshot', (owner) => stores().journal.snapshot({ ...owner, seq: 1, state: bytes('old') })],
      ['note', (owner) => stores().journal.note({ ...owner, seq: 1, crashes: 1 })],
      ['skip', (owner) => stores().journal.skip({ ...owner, seq: 1 })],
      ['replayed', (owner) => stores().journal.replayed(owner)],
    ] as const satisfies readonly (readonly [
      string,
      (owner: { journal: string; epoch: number }) => Promise<void>,
    ])[]) {
      it(`refuses ${call} of a former owner (MF631)`, async () => {
        const journal = fresh();
        const { epoch } = await stores().journal.open({ journal });
        await stores().journal.append({ journal, epoch, entries: [entry(1)] });
        await stores().journal.open({ journal });
        await rejects(run({ journal, epoch }), { code: 'MF631' });
        const after = await stores().journal.open({ journal });
        deepEqual([after.lastSeq, after.snapshot, after.unfinished.seq], [1, null, null]);
      });
    }

    it('one that is refused does not take others with it', async () => {
      const journals = [fresh(), fresh(), fresh()];
      const owners = await Promise.all(
        journals.map(async (journal) => ({ journal, ...(await stores().journal.open({ journal })) })),
      );
      await stores().journal.open({ journal: journals[1] as string });
      const outcomes = await Promise.allSettled(
        owners.map(({ journal, epoch }) => stores().journal.append({ journal, epoch, entries: [entry(1)] })),
      );
      deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
    });

    it('a snapshot takes the place of the entries before it', async () => {
      const journal = fresh();
      const { epoch } = await stores().journal.open({ journal });
      await stores().journal.append({ journal, epoch, entries: [entry(1), entry(2), entry(3)] });
      await stores().journal.snapshot({ journal, epoch, seq: 2, state: bytes('state') });
      const opened = await stores().journal.open({ journal });
      deepEqual(opened.snapshot, { seq: 2, state: bytes('state') });
      equal(opened.lastSeq, 3);
      deepEqual(
        (await stores().journal.read({ journal, after: 2, limit: 10 })).map(({ seq }) => seq),
        [3],
      );
      equal((await stores().journal.read({ journal, after: 0, limit: 10 })).length, 1);
    });

    it('tells how a replay that never ended was going, until one has ended', async () => {
      const journal = fresh();
      let { epoch } = await stores().journal.open({ journal });
      await stores().journal.append({ journal, epoch, entries: [entry(1)] });
      await stores().journal.note({ journal, epoch, seq: 1, crashes: 2 });
      const second = await stores().journal.open({ journal });
      deepEqual(second.unfinished, { opened: 1, seq: 1, crashes: 2 });
      ({ epoch } = second);
      await stores().journal.skip({ journal, epoch, seq: 1 });
      await stores().journal.replayed({ journal, epoch });
      deepEqual((await stores().journal.open({ journal })).unfinished, { opened: 0, seq: null, crashes: 0 });
      equal((await stores().journal.read({ journal, after: 0, limit: 1 }))[0]?.skipped, true);
    });

    it('that is removed is new again', async () => {
      const journal = fresh();
      const { epoch } = await stores().journal.open({ journal });
      await stores().journal.append({ journal, epoch, entries: [entry(1)] });
      await stores().journal.remove({ journal });
      equal((await stores().journal.open({ journal })).lastSeq, 0);
    });
  });

  describe('an outbox', () => {
    const event = (name: string, number: number): OutboxEvent => ({
      id: randomUUID(),
      name,
      payload: `{"number":${number}}`,
      at: '2026-01-02T03:04:05.678Z',
    });

    it('keeps an event for each who had subscribed, in order, until it acknowledges', async () => {
      const [early, other, late, name] = [fresh(), fresh(), fresh(), fresh()];
      await stores().outbox.subscribe({ subscriber: early, event: name });
      await stores().outbox.subscribe({ subscriber: early, event: name });
      await stores().outbox.subscribe({ subscriber: other, event: `${name}-else` });
      const events = [1, 2, 3].map((number) => event(name, number));
      await stores().outbox.put({ events });
      await stores().outbox.subscribe({ subscriber: late, event: name });
      deepEqual(
        await stores().outbox.take({ subscriber: early, limit: 2 }),
        events.slice(0, 2).map((one) => ({ ...one, attempts: 0 })),
      );
      deepEqual(await stores().outbox.take({ subscriber: other, limit: 9 }), []);
      deepEqual(await stores().outbox.take({ subscriber: late, limit: 9 }), []);
      const ids = events.slice(0, 2).map(({ id }) => id);
      await stores().outbox.acknowledge({ subscriber: early, ids });
      await stores().outbox.acknowledge({ subscriber: early, ids });
      deepEqual(
        (await stores().outbox.take({ subscriber: early, limit: 9 })).map(({ id }) => id),
        [events[2]?.id],
      );
      ok((await stores().outbox.names(null)).includes(name));
    });

    it('keeps an event that is put twice once, also when it was acknowledged in between', async () => {
      const [subscriber, name] = [fresh(), fresh()];
      await stores().outbox.subscribe({ subscriber, event: name });
      const twice = event(name, 1);
      await stores().outbox.put({ events: [twice] });
      await stores().outbox.put({ events: [twice] });
      equal((await stores().outbox.take({ subscriber, limit: 9 })).length, 1);
      await stores().outbox.acknowledge({ subscriber, ids: [twice.id] });
      await stores().outbox.put({ events: [twice] });
      equal((await stores().outbox.take({ subscriber, limit: 9 })).length, 0);
    });

    it('holds a failed event back, counts it, and gives it up to the dead letters', async () => {
      const [subscriber, name] = [fresh(), fresh()];
      await stores().outbox.subscribe({ subscriber, event: name });
      const failing = event(name, 1);
      const { id } = failing;
      await stores().outbox.put({ events: [failing] });
      await stores().outbox.fail({ subscriber, id, error: 'once', retryMs: 60_000 });
      deepEqual(await stores().outbox.take({ subscriber, limit: 9 }), []);
      await stores().outbox.fail({ subscriber, id, error: 'twice', retryMs: 0 });
      equal((await stores().outbox.take({ subscriber, limit: 9 }))[0]?.attempts, 2);
      await stores().outbox.fail({ subscriber, id, error: 'for good', retryMs: null });
      deepEqual(await stores().outbox.take({ subscriber, limit: 9 }), []);
      const dead = (await stores().outbox.undelivered({ limit: 100 })).find((one) => one.id === id);
      deepEqual(dead, { ...failing, subscriber, attempts: 3, error: 'for good' });
    });

    it('delivers a dead letter again when it is replayed, and says when there is none', async () => {
      const [subscriber, name] = [fresh(), fresh()];
      await stores().outbox.subscribe({ subscriber, event: name });
      const failing = event(name, 1);
      const { id } = failing;
      await stores().outbox.put({ events: [failing] });
      await stores().outbox.fail({ subscriber, id, error: 'for good', retryMs: null });
      deepEqual(await stores().outbox.replay({ id }), { subscribers: 1 });
      deepEqual(await stores().outbox.take({ subscriber, limit: 9 }), [{ ...failing, attempts: 0 }]);
      for (const none of [id, randomUUID(), 'no id']) {
        deepEqual(await stores().outbox.replay({ id: none }), { subscribers: 0 });
      }
    });

    it('forgets a subscriber that leaves, and dead letters that are discarded', async () => {
      const [subscriber, leaver, name] = [fresh(), fresh(), fresh()];
      await stores().outbox.subscribe({ subscriber, event: name });
      await stores().outbox.subscribe({ subscriber: leaver, event: name });
      const [one, two] = [event(name, 1), event(name, 2)];
      await stores().outbox.put({ events: [one, two] });
      await stores().outbox.unsubscribe({ subscriber: leaver });
      deepEqual(await stores().outbox.take({ subscriber: leaver, limit: 9 }), []);
      await stores().outbox.fail({ subscriber, id: one.id, error: 'x', retryMs: null });
      ok((await stores().outbox.discard(null)).removed >= 1);
      deepEqual(await stores().outbox.undelivered({ limit: 9 }), []);
      deepEqual(
        (await stores().outbox.take({ subscriber, limit: 9 })).map(({ id }) => id),
        [two.id],
      );
    });

    it('a sweep gives up the oldest of who is too far behind, and old events nobody waits for', async () => {
      const [subscriber, name] = [fresh(), fresh()];
      await stores().outbox.subscribe({ subscriber, event: name });
      const events = [1, 2, 3, 4, 5].map((number) => event(name, number));
      await stores().outbox.put({ events });
      deepEqual(await stores().outbox.sweep({ keepMs: 60_000, mostPerSubscriber: 3 }), { dropped: 2 });
      deepEqual(
        (await stores().outbox.take({ subscriber, limit: 9 })).map(({ id }) => id),
        events.slice(2).map(({ id }) => id),
      );
      const done = events[4] as OutboxEvent;
      await stores().outbox.acknowledge({ subscriber, ids: [done.id] });
      deepEqual(await stores().outbox.sweep({ keepMs: 0, mostPerSubscriber: 3 }), { dropped: 0 });
      // What was swept is not recognised any more.
      await stores().outbox.put({ events: [done] });
      equal((await stores().outbox.take({ subscriber, limit: 9 })).length, 3);
    });
  });

  describe('a stream', () => {
    const append = (stream: string, ...keys: string[]) =>
      stores().stream.append({ stream, records: keys.map((key) => ({ key, value: bytes(key) })) });
    const offsets = (pulled: readonly Pulled[]): number[] =>
      pulled.flatMap(({ records }) => records.map(({ offset }) => offset)).sort((a, b) => a - b);
    const ends = (pulled: readonly Pulled[]) =>
      pulled.map(({ partition, records }) => ({ partition, offset: records.at(-1)?.offset ?? 0 }));
    /** Keys in partitions of their own. */
    const keys = ['a', 'b', 'c', 'd'];
    const member = (stream: string, name: string, group = 'one') => ({
      stream,
      group,
      member: name,
      life: `${name}#1`,
    });
    const patience = { leaseMs: 60_000 };

    it('numbers its records without gaps, also when many append at once', async () => {
      const stream = fresh();
      equal(new Set(keys.map(streamPartition)).size, keys.length);
      const firsts = await Promise.all(Array.from({ length: 20 }, () => append(stream, 'a', 'b', 'c')));
      deepEqual(
        firsts.map(({ first }) => first).sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index * 3 + 1),
      );
      const records = await stores().stream.read({ stream, after: 10, limit: 3 });
      deepEqual(
        records.map(({ offset, key, value }) => [offset, key, new TextDecoder().decode(value)]),
        [
          [11, 'b', 'b'],
          [12, 'c', 'c'],
          [13, 'a', 'a'],
        ],
      );
    });

    it('hands each record to each group, and within a group a key to one member at a time', async () => {
      const stream = fresh();
      await append(stream, 'a', 'b', 'a', 'c');
      const x = member(stream, 'x');
      const y = member(stream, 'y');
      const z = member(stream, 'z', 'two');
      const ofX = await stores().stream.pull({ ...x, ...patience, limit: 1 });
      deepEqual(offsets(ofX), [1]);
      const ofY = await stores().stream.pull({ ...y, ...patience, limit: 9 });
      deepEqual(offsets(ofY), [2, 4], 'the second record of key a is not handed out while x has the first');
      deepEqual(offsets(await stores().stream.pull({ ...z, ...patience, limit: 9 })), [1, 2, 3, 4]);
      deepEqual(
        await stores().stream.pull({ ...x, ...patience, limit: 9 }),
        [],
        'nothing more before a commit',
      );
      deepEqual(await stores().stream.commit({ ...x, offsets: ends(ofX) }), { lost: [] });
      deepEqual(offsets(await stores().stream.pull({ ...y, ...patience, limit: 9 })), [3]);
    });

    it('goes on after what was committed, and again with what was not', async () => {
      const stream = fresh();
      await append(stream, 'a', 'a', 'a');
      const before = member(stream, 'x');
      const pulled = await stores().stream.pull({ ...before, ...patience, limit: 2 });
      await stores().stream.commit({ ...before, offsets: ends(pulled) });
      await stores().stream.pull({ ...before, ...patience, limit: 1 });
      const after = { ...before, life: 'x#2' };
      deepEqual(offsets(await stores().stream.pull({ ...after, ...patience, limit: 9 })), [3]);
      deepEqual((await stores().stream.facts({ stream })).lag, { one: 1 });
    });

    it('takes a lease back when its time is over, and says so to the member that was too slow', async () => {
      const stream = fresh();
      await append(stream, 'a');
      const slow = member(stream, 'slow');
      const pulled = await stores().stream.pull({ ...slow, leaseMs: 0, limit: 9 });
      const quick = member(stream, 'quick');
      deepEqual(offsets(await stores().stream.pull({ ...quick, ...patience, limit: 9 })), [1]);
      deepEqual(await stores().stream.commit({ ...slow, offsets: ends(pulled) }), {
        lost: [streamPartition('a')],
      });
      deepEqual((await stores().stream.facts({ stream })).lag, { one: 1 });
    });

    it('is read again from where a group is set to', async () => {
      const stream = fresh();
      await append(stream, ...keys);
      const x = member(stream, 'x');
      const pulled = await stores().stream.pull({ ...x, ...patience, limit: 9 });
      await stores().stream.commit({ ...x, offsets: ends(pulled) });
      await stores().stream.seek({ stream, group: 'one', offset: 2 });
      deepEqual(offsets(await stores().stream.pull({ ...x, ...patience, limit: 9 })), [3, 4]);
    });

    it('is cut by size and by age, oldest first, and knows what is left', async () => {
      const stream = fresh();
      await append(stream, ...keys);
      deepEqual(await stores().stream.facts({ stream }), { first: 1, last: 4, bytes: 8, lag: {} });
      deepEqual(await stores().stream.trim({ stream, maxAgeMs: 60_000 }), { removed: 0 });
      deepEqual(await stores().stream.trim({ stream, maxBytes: 5 }), { removed: 2 });
      const x = member(stream, 'x');
      deepEqual(offsets(await stores().stream.pull({ ...x, ...patience, limit: 9 })), [3, 4]);
      await new Promise((resolve) => setTimeout(resolve, 10));
      deepEqual(await stores().stream.trim({ stream, maxAgeMs: 5 }), { removed: 2 });
      deepEqual((await stores().stream.facts({ stream })).first, 5);
      deepEqual(await append(stream, 'a'), { first: 5 });
    });
  });
}
