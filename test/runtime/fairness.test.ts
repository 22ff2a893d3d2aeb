import assert from 'node:assert/strict';
import { RunQueue } from '../../runtime/actor/run-queue.ts';
import { createActorSystem } from '../../runtime/actor-system.ts';
import type { BeeProtocol } from './fixtures/worker-bee.actor.ts';
import { fixture } from './support/machine.ts';

/** Work in all, milliseconds; the event loop must have its turn long before. */
const work = 1_000;
const loopGap = 500;

describe('turns in a thread', () => {
  for (const kind of ['thread', 'inline'] as const) {
    it(`a sender that never rests keeps neither timers nor others waiting (${kind})`, async () => {
      const system = await createActorSystem();
      try {
        const module = fixture('worker-bee.actor');
        const placement = kind === 'thread' ? ({ kind, thread: 'hive' } as const) : { kind };
        const busy = await system.start<BeeProtocol>({ id: 'busy', module, placement });
        const other = await system.start<BeeProtocol>({ id: 'other', module, placement });
        await other.ask('longestGap', null);
        const microseconds = 100;
        for (let sent = 0; sent < (work * 1_000) / microseconds; sent++) busy.tell('work', { microseconds });
        const start = performance.now();
        await other.ask('work', { microseconds: 1 });
        const waited = performance.now() - start;
        await busy.ask('work', { microseconds: 1 });
        const gap = await other.ask('longestGap', null);
        assert.ok(gap < loopGap, `timers waited ${gap} ms`);
        if (kind === 'inline') assert.ok(waited < loopGap, `the other waited ${waited} ms`);
      } finally {
        await system.stop();
      }
    });
  }

  it('promises that never end do not keep the event loop waiting', async () => {
    const queue = new RunQueue();
    let turns = 0;
    let timer = false;
    const again = {
      turn() {
        turns += 1;
        // As an ask answered in the same thread does: the next message comes of a promise.
        if (!timer && turns < 1_000_000) void Promise.resolve().then(() => queue.add(again));
        return 1;
      },
    };
    queue.add(again);
    setTimeout(() => {
      timer = true;
    }, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(turns < 1_000_000, 'the timer came after all of them');
  });

  it('a turn that throws does not end the turns of others', async () => {
    const queue = new RunQueue();
    const ran: string[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const thrown = new Promise<Error>((resolve) => process.once('uncaughtException', resolve));
    try {
      queue.add({
        turn() {
          throw new Error('a bug of the runtime');
        },
      });
      queue.add({ turn: () => ran.push('other') });
      assert.equal((await thrown).message, 'a bug of the runtime');
      await new Promise((resolve) => setImmediate(resolve));
      queue.add({ turn: () => ran.push('later') });
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(ran, ['other', 'later']);
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
});
