import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import type { DatedProtocol } from './fixtures/dated.actor.ts';
import type { OwnerProtocol } from './fixtures/owner.actor.ts';
import { fixture, type Machine, makeMachine } from './support/machine.ts';
import { until } from './support/until.ts';

const owner: ChildSpec = { id: 'owner', module: fixture('owner.actor'), placement: { kind: 'thread' } };
const dated = (heapMegabytes?: number): ChildSpec => ({
  id: 'dated',
  module: fixture('dated.actor'),
  placement: { kind: 'thread', ...(heapMegabytes === undefined ? {} : { heapMegabytes }) },
  requires: ['owner'],
  replicas: [{ name: 'owner', module: fixture('owner.replica') }],
});

describe('the spare thread', () => {
  let machine: Machine;
  let ref: ActorRef<DatedProtocol>;
  let made: Worker[];
  const onThread = (message: unknown): void => {
    made.push((message as { readonly worker: Worker }).worker);
  };

  beforeEach(() => {
    made = [];
    subscribe('worker_threads', onThread);
  });
  afterEach(async () => {
    unsubscribe('worker_threads', onThread);
    await machine.close();
  });

  async function boot(options: { heapMegabytes?: number; spareThread?: number | false } = {}): Promise<void> {
    machine = makeMachine(
      [owner, dated(options.heapMegabytes)],
      {},
      { spareThread: options.spareThread ?? 1 },
    );
    await machine.motherboard.boot();
    ref = machine.ref('dated');
    await machine.ref<OwnerProtocol>('owner').ask('set', { key: 'key', value: 'copied' });
  }
  /** The thread that was made last, once there are as many. */
  async function threads(count: number): Promise<number> {
    await until(`${count} threads`, () => made.length === count);
    return made[count - 1]?.threadId ?? -1;
  }
  async function crash(): Promise<void> {
    await assert.rejects(ref.ask('die', null), { code: 'MF601' });
  }

  it('is taken by a part that crashed, with its name, its replicas and its next incarnation', async () => {
    await boot();
    const spare = await threads(3);
    await crash();
    const { thread, incarnation, copied } = await ref.ask('facts', null);
    assert.deepEqual([thread, incarnation, copied], [spare, 2, 'copied']);
    const status = (await machine.motherboard.status()).find(({ name }) => name === 'dated');
    assert.equal(status?.placement, 'thread dated');
  });

  it('is followed by another one, which has the modules of the part that crashed', async () => {
    await boot();
    await threads(3);
    await crash();
    await ref.ask('facts', null);
    const second = await threads(4);
    const before = Date.now();
    // Loading is asynchronous in the spare; a generous while for it.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await crash();
    const { thread, loadedAt } = await ref.ask('facts', null);
    assert.equal(thread, second);
    assert.ok(loadedAt < before + 300, 'it was loaded before the crash');
  });

  it('takes over what waited for the part that crashed', async () => {
    await boot();
    await threads(3);
    const died = crash();
    const waiting = Array.from({ length: 50 }, () => ref.ask('facts', null));
    await died;
    for (const { incarnation } of await Promise.all(waiting)) assert.equal(incarnation, 2);
  });

  it('is left alone by a restart that somebody asked for: that reads its modules anew', async () => {
    await boot();
    const spare = await threads(3);
    await machine.motherboard.restart('dated');
    assert.notEqual((await ref.ask('facts', null)).thread, spare);
    await crash();
    assert.equal((await ref.ask('facts', null)).thread, spare);
  });

  it('never brings code back that is older than a restart that somebody asked for', async () => {
    await boot();
    await threads(3);
    await crash();
    await ref.ask('facts', null);
    await threads(4);
    const restartedAt = Date.now();
    await machine.motherboard.restart('dated');
    await threads(6);
    await crash();
    const { loadedAt, incarnation } = await ref.ask('facts', null);
    assert.ok(loadedAt >= restartedAt);
    assert.equal(incarnation, 4);
  });

  it('is left alone by a part with a heap of its own', async () => {
    await boot({ heapMegabytes: 64 });
    const spare = await threads(3);
    await crash();
    assert.notEqual((await ref.ask('facts', null)).thread, spare);
  });

  it('that dies while it waits is missed by nobody, and followed by another one', async () => {
    await boot();
    await threads(3);
    await made[2]?.terminate();
    await crash();
    assert.equal((await ref.ask('facts', null)).incarnation, 2);
    const spare = await threads(5);
    await crash();
    assert.equal((await ref.ask('facts', null)).thread, spare);
  });

  it('ends with the machine, by shutdown as by kill', async () => {
    await boot();
    await threads(3);
    let ended = 0;
    made[2]?.once('exit', () => {
      ended += 1;
    });
    await machine.motherboard.kill();
    assert.equal(ended, 1);
  });

  it('is not made where it is switched off', async () => {
    await boot({ spareThread: false });
    await crash();
    await ref.ask('facts', null);
    assert.equal(made.length, 3);
  });
});
