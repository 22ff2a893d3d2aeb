import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { EntryQueue } from '../../actors/audit/entry-queue.ts';
import type { PendingEntry } from '../../actors/audit/pending-entry.ts';
import { VirtualTimers } from './virtual-timers.ts';

const entry = (id: number): PendingEntry => ({ id: String(id), kind: 'admin', entry: '{}' });

describe('entries without a transaction', () => {
  let timers: VirtualTimers;
  let queue: EntryQueue;
  let batches: string[];
  let write: () => Promise<void>;

  beforeEach(() => {
    timers = new VirtualTimers();
    batches = [];
    write = async () => {};
    queue = new EntryQueue({
      writer: {
        append: (project, entries) => {
          batches.push(`${project}: ${entries.map(({ id }) => id).join(' ')}`);
          return write();
        },
      },
      timers,
      failed: () => {},
    });
  });

  it('are written at once; those that come meanwhile make the next batch, in order', async () => {
    let end = (): void => {};
    write = () => new Promise((resolve) => (end = resolve));
    const answers = [queue.append('main', entry(1))];
    await timers.pass(0);
    for (let id = 2; id <= 5; id++) answers.push(queue.append('main', entry(id)));
    await timers.pass(1000);
    deepEqual(batches, ['main: 1']);
    write = async () => {};
    end();
    await Promise.all(answers);
    deepEqual(batches, ['main: 1', 'main: 2 3 4 5']);
  });

  it('are answered only when they are durable', async () => {
    let end = (): void => {};
    write = () => new Promise((resolve) => (end = resolve));
    let answered = false;
    const answer = queue.append('main', entry(1)).then(() => (answered = true));
    await timers.pass(1000);
    equal(answered, false);
    end();
    await answer;
  });

  it('wait while the database is away, and none is lost or written twice in a row of its own', async () => {
    write = () => Promise.reject(new Error('away'));
    const answers = [1, 2, 3].map((id) => queue.append('main', entry(id)));
    await timers.pass(60_000);
    ok(batches.length > 5);
    ok(batches.every((batch) => batch === 'main: 1 2 3'));
    equal(queue.length, 3);
    write = async () => {};
    await timers.pass(20_000);
    await Promise.all(answers);
    equal(queue.length, 0);
    await queue.drained();
  });

  it('of one project do not wait for those of another', async () => {
    write = () => new Promise(() => {});
    void queue.append('stuck', entry(1));
    await timers.pass(0);
    write = async () => {};
    await queue.append('main', entry(2));
    equal(queue.length, 1);
  });

  it('are refused, not hoarded, beyond ten thousand', async () => {
    write = () => new Promise(() => {});
    for (let id = 0; id < 10_000; id++) void queue.append('main', entry(id));
    await rejects(queue.append('main', entry(10_000)), { code: 'MF503' });
  });
});
