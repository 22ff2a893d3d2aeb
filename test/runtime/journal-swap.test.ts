import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { KeptProtocol } from './fixtures/define-kept.ts';
import type { MemoryStorageProtocol } from './fixtures/memory-storage.actor.ts';
import { bootMachine, fixture, type Machine } from './support/machine.ts';

describe('a hot swap of a journalled actor that is rolled back', () => {
  const placement = { kind: 'thread' } as const;
  let machine: Machine;

  beforeEach(async () => {
    machine = await bootMachine([
      { id: 'storage', module: fixture('memory-storage.actor'), placement },
      { id: 'kept', module: fixture('kept.actor'), placement, requires: ['storage'] },
    ]);
  });
  afterEach(() => machine.close());

  const add = (number: number) => machine.ref<KeptProtocol>('kept').ask('add', number);
  const swap = (name: string) => machine.motherboard.swap('kept' as never, { module: fixture(name) });
  const restarts = async () =>
    (await machine.motherboard.status()).find(({ name }) => name === 'kept')?.restarts;

  it('leaves it its journal: it goes on as it was, and what it writes is there for a next version', async () => {
    equal(await add(1), 1);
    for (const sum of [2, 3]) {
      await rejects(swap('kept-unwell.actor'), { code: 'MF642' });
      equal(await add(1), sum);
    }
    equal(await restarts(), 0);
    await swap('kept.actor');
    equal(await add(1), 4);
  });

  it('runs what came meanwhile, once', async () => {
    const swapping = rejects(swap('kept-unwell.actor'), { code: 'MF642' });
    const sums = await Promise.all(Array.from({ length: 50 }, () => add(1)));
    await swapping;
    deepEqual(
      sums,
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    equal(await add(1), 51);
    equal(await restarts(), 0);
  });

  it('opens no journal again when no next version had started', async () => {
    const storage = machine.ref<MemoryStorageProtocol>('storage');
    await add(1);
    const opened = (await storage.ask('calls', null))['open'];
    await rejects(swap('ledger-broken.actor'), { code: 'MF640' });
    equal(await add(1), 2);
    equal((await storage.ask('calls', null))['open'], opened);
  });
});
