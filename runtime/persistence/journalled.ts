import type { ActorCell } from '../actor/actor-cell.ts';
import type { AnyActor } from '../actor/any-actor.ts';
import { runAsynchronous } from '../actor/current-call.ts';
import { Message } from '../actor/message.ts';
import { unanswered } from '../actor/unanswered.ts';
import type { JournalEntry } from '../bus/journal-store.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { encoding } from './encoding.ts';
import { JournalGate } from './journal-gate.ts';
import type { JournalOptions } from './journal-options.ts';
import type { KeptSnapshot } from './kept-snapshot.ts';
import { KnownIds } from './known-ids.ts';
import { patiently } from './patiently.ts';
import { replayJournal } from './replay-journal.ts';
import { storageStores } from './storage-stores.ts';

/**
 * `init` of a journalled actor: the state as it was when it last acknowledged something. Puts its output gate in
 * place.
 */
export function journalled(cell: ActorCell, definition: AnyActor): AnyActor['init'] {
  const options = definition.journal as JournalOptions<unknown, unknown> & {
    restore(...all: unknown[]): unknown;
  };
  return async (context, args) => {
    check(cell, definition);
    const fresh = await definition.init(context, args);
    const store = options.store?.(context) ?? storageStores(context.part('storage')).journal;
    const journal = cell.path;
    const opened = await patiently(context.signal, () => store.open({ journal }));
    const owner = { journal, epoch: opened.epoch };
    const kept =
      opened.snapshot === null ? undefined : (encoding.decode(opened.snapshot.state) as KeptSnapshot);
    const state = kept === undefined ? fresh : options.restore(kept.state, fresh);
    const known = new KnownIds();
    for (const [id, reply] of kept?.known ?? []) known.add(id, reply);
    const sinceSnapshot = await replayJournal({
      store,
      owner,
      opened,
      signal: context.signal,
      poisonAfter: options.poisonAfter ?? 3,
      run(entry) {
        if (entry.id !== null) known.add(entry.id, { seq: entry.seq, reply: entry.reply });
        return run(cell, state, entry);
      },
      poison(entry, crashes) {
        const text = `${journal}.${entry.method} ended ${crashes} starts and is not run again (entry ${entry.seq})`;
        context.log.error({ seq: entry.seq, method: entry.method, crashes }, text);
        cell.host.lost(cell, messageOf(cell, entry), new MagFlockError('MF632', text));
      },
    });
    cell.extras.gate = new JournalGate({
      owner,
      store,
      definition,
      lastSeq: opened.lastSeq,
      sinceSnapshot,
      known,
      state: () => cell.state,
      lost: (message, error) => cell.host.lost(cell, message, error),
      broken(error) {
        context.log.error(
          { err: error },
          'the journal failed; the incarnation ends, its state is ahead of it',
        );
        cell.exit({ kind: 'crash', detail: `its journal failed: ${error.code}: ${error.message}` });
      },
      snapshotFailed: (error) => context.log.warn({ err: error }, 'a snapshot was not saved'),
    });
    return state;
  };
}

function check(cell: ActorCell, definition: AnyActor): void {
  const problem =
    (definition.concurrency ?? 1) > 1 || definition.reentrant === true
      ? 'runs several messages at a time, so they cannot be run again in their order'
      : typeof cell.key === 'number'
        ? 'has no name to find its journal by'
        : (definition.journal?.methods ?? []).find((name) => !Object.hasOwn(definition.methods, name));
  if (problem === undefined) return;
  const text = problem.includes(' ') ? problem : `has no method ${problem}, which its journal names`;
  throw new MagFlockError('MF608', `${cell.path} cannot have a journal: it ${text}`);
}

function messageOf(cell: ActorCell, { id, method, payload }: JournalEntry): Message {
  const message = new Message(
    unanswered,
    0,
    false,
    cell,
    method,
    encoding.decode(payload),
    cell.path,
    Number.POSITIVE_INFINITY,
    false,
    undefined,
    id ?? undefined,
  );
  message.replayed = true;
  return message;
}

function run(cell: ActorCell, state: unknown, entry: JournalEntry): unknown {
  const method = cell.method(entry.method);
  if (method === undefined) {
    throw new MagFlockError('MF605', `${cell.path} has no method ${entry.method}, which its journal names`);
  }
  const message = messageOf(cell, entry);
  return runAsynchronous(message, method.run, state);
}
