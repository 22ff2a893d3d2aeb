import { equal } from 'node:assert/strict';
import { postgresStores } from '../../../actors/storage/journal/postgres-stores.ts';
import type { Stores } from '../../../runtime/persistence/storage-stores.ts';
import { storeContract } from '../../support/store-contract.ts';
import { testCluster } from '../../support/test-cluster.ts';

describe('stores in PostgreSQL', function () {
  this.timeout(40_000);
  let stores: Stores;
  let statements = 0;

  before(async () => {
    const { storage } = await testCluster();
    stores = postgresStores((statement) => {
      statements += 1;
      return storage.query({ database: 'control', ...statement });
    });
  });

  storeContract(() => stores);

  it('appends of many journals share few commits', async () => {
    const journals = Array.from({ length: 50 }, (_, index) => `shared-${process.pid}-${index}`);
    const owners = await Promise.all(
      journals.map(async (journal) => ({ journal, ...(await stores.journal.open({ journal })) })),
    );
    statements = 0;
    await Promise.all(
      owners.map(({ journal, epoch }) =>
        stores.journal.append({
          journal,
          epoch,
          entries: [{ seq: 1, id: null, method: 'm', payload: Uint8Array.of(1), reply: null }],
        }),
      ),
    );
    equal(statements, 1);
  });

  it('a page of a journal stays small when its entries are large', async () => {
    const journal = `large-${process.pid}`;
    const { epoch } = await stores.journal.open({ journal });
    const entries = [1, 2, 3, 4, 5].map((seq) => ({
      seq,
      id: null,
      method: 'm',
      payload: new Uint8Array(2 * 1024 * 1024),
      reply: null,
    }));
    await stores.journal.append({ journal, epoch, entries });
    equal((await stores.journal.read({ journal, after: 0, limit: 100 })).length, 2);
    equal((await stores.journal.read({ journal, after: 4, limit: 100 })).length, 1);
  });
});
