import { AsyncLocalStorage } from 'node:async_hooks';
import type { AskOptions } from '../actor/actor-ref.ts';
import type { JournalStore } from '../bus/journal-store.ts';
import type { OutboxStore } from '../bus/outbox-store.ts';
import type { StreamStore } from '../bus/stream-store.ts';

export interface Stores {
  readonly journal: JournalStore;
  readonly outbox: OutboxStore;
  readonly stream: StreamStore;
}

/** The part of a ref that is needed: any actor that speaks `PersistenceProtocol`. */
export interface StoreRef {
  ask(method: never, payload: never, options?: AskOptions): Promise<unknown>;
}

/** What the stores do serves many callers: it must not end at the deadline of the one that came first. */
const detached = AsyncLocalStorage.snapshot();

/** The stores that the part behind this ref implements, from wherever the ref is held. */
export function storageStores(ref: StoreRef): Stores {
  const ask = (method: string) => (request: unknown) =>
    detached(() => ref.ask(method as never, request as never)) as Promise<never>;
  return {
    journal: {
      open: ask('journalOpen'),
      read: ask('journalRead'),
      append: ask('journalAppend'),
      note: ask('journalNote'),
      skip: ask('journalSkip'),
      replayed: ask('journalReplayed'),
      snapshot: ask('journalSnapshot'),
      remove: ask('journalRemove'),
    },
    outbox: {
      subscribe: ask('outboxSubscribe'),
      unsubscribe: ask('outboxUnsubscribe'),
      names: ask('outboxNames'),
      put: ask('outboxPut'),
      take: ask('outboxTake'),
      acknowledge: ask('outboxAcknowledge'),
      fail: ask('outboxFail'),
      undelivered: ask('outboxUndelivered'),
      replay: ask('outboxReplay'),
      discard: ask('outboxDiscard'),
      sweep: ask('outboxSweep'),
    },
    stream: {
      append: ask('streamAppend'),
      pull: ask('streamPull'),
      commit: ask('streamCommit'),
      seek: ask('streamSeek'),
      read: ask('streamRead'),
      trim: ask('streamTrim'),
      facts: ask('streamFacts'),
    },
  };
}
