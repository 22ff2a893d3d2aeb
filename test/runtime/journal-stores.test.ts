import { storageStores } from '../../runtime/persistence/storage-stores.ts';
import { MemoryJournalStore } from '../../runtime/testing/memory-journal-store.ts';
import { MemoryOutboxStore } from '../../runtime/testing/memory-outbox-store.ts';
import { MemoryStreamStore } from '../../runtime/testing/memory-stream-store.ts';
import { storeContract } from '../support/store-contract.ts';
import { bootMachine, fixture, type Machine } from './support/machine.ts';

describe('stores in memory', () => {
  const stores = {
    journal: new MemoryJournalStore(),
    outbox: new MemoryOutboxStore(),
    stream: new MemoryStreamStore(),
  };
  storeContract(() => stores);
});

describe('stores of an actor in another thread', () => {
  let machine: Machine;

  before(async () => {
    machine = await bootMachine([
      { id: 'storage', module: fixture('memory-storage.actor'), placement: { kind: 'thread' } },
    ]);
  });
  after(() => machine.close());

  storeContract(() => storageStores(machine.ref('storage')));
});
