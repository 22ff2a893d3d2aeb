import type { JournalStore } from '../bus/journal-store.ts';
import type { OutboxStore } from '../bus/outbox-store.ts';
import type { StreamStore } from '../bus/stream-store.ts';

/** A method of a store as a message: `journal` and `append` become `journalAppend`. */
type Messages<Prefix extends string, Store> = {
  [M in keyof Store & string as `${Prefix}${Capitalize<M>}`]: Store[M] extends (
    request: infer Request,
  ) => Promise<infer Answer>
    ? (request: Request) => Answer
    : never;
};

/** The stores of the runtime as Storage offers them to actors in every thread. */
export type PersistenceProtocol = Messages<'journal', JournalStore> &
  Messages<'outbox', OutboxStore> &
  Messages<'stream', StreamStore>;
