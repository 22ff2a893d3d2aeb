import type { Methods } from '../actor/define-actor.ts';
import type { PersistenceProtocol } from '../protocol/persistence.protocol.ts';
import type { Stores } from './storage-stores.ts';

/**
 * The methods of an actor that offers stores to others.
 * @param storesOf finds them in the state of that actor
 */
export function storeMethods<State>(storesOf: (state: State) => Stores): Methods<State, PersistenceProtocol> {
  return {
    journalOpen: (state, request) => storesOf(state).journal.open(request),
    journalRead: (state, request) => storesOf(state).journal.read(request),
    journalAppend: (state, request) => storesOf(state).journal.append(request),
    journalNote: (state, request) => storesOf(state).journal.note(request),
    journalSkip: (state, request) => storesOf(state).journal.skip(request),
    journalReplayed: (state, request) => storesOf(state).journal.replayed(request),
    journalSnapshot: (state, request) => storesOf(state).journal.snapshot(request),
    journalRemove: (state, request) => storesOf(state).journal.remove(request),
    outboxSubscribe: (state, request) => storesOf(state).outbox.subscribe(request),
    outboxUnsubscribe: (state, request) => storesOf(state).outbox.unsubscribe(request),
    outboxNames: (state, request) => storesOf(state).outbox.names(request),
    outboxPut: (state, request) => storesOf(state).outbox.put(request),
    outboxTake: (state, request) => storesOf(state).outbox.take(request),
    outboxAcknowledge: (state, request) => storesOf(state).outbox.acknowledge(request),
    outboxFail: (state, request) => storesOf(state).outbox.fail(request),
    outboxUndelivered: (state, request) => storesOf(state).outbox.undelivered(request),
    outboxReplay: (state, request) => storesOf(state).outbox.replay(request),
    outboxDiscard: (state, request) => storesOf(state).outbox.discard(request),
    outboxSweep: (state, request) => storesOf(state).outbox.sweep(request),
    streamAppend: (state, request) => storesOf(state).stream.append(request),
    streamPull: (state, request) => storesOf(state).stream.pull(request),
    streamCommit: (state, request) => storesOf(state).stream.commit(request),
    streamSeek: (state, request) => storesOf(state).stream.seek(request),
    streamRead: (state, request) => storesOf(state).stream.read(request),
    streamTrim: (state, request) => storesOf(state).stream.trim(request),
    streamFacts: (state, request) => storesOf(state).stream.facts(request),
  };
}
