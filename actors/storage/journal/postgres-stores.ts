import type { Stores } from '../../../runtime/persistence/storage-stores.ts';
import { PostgresJournalStore } from './postgres-journal-store.ts';
import { PostgresOutboxStore } from './postgres-outbox-store.ts';
import { PostgresStreamStore } from './postgres-stream-store.ts';
import type { RunQuery } from './run-query.ts';

/** What the runtime keeps, in the control database. */
export function postgresStores(query: RunQuery): Stores {
  return {
    journal: new PostgresJournalStore(query),
    outbox: new PostgresOutboxStore(query),
    stream: new PostgresStreamStore(query),
  };
}
