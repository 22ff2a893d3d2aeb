import type {
  JournalEntry,
  JournalOwner,
  JournalSnapshot,
  JournalStore,
  OpenJournal,
} from '../bus/journal-store.ts';
import { MagFlockError } from '../errors/magflock-error.ts';

interface Journal {
  epoch: number;
  lastSeq: number;
  snapshot: JournalSnapshot | null;
  entries: JournalEntry[];
  readonly skipped: Set<number>;
  opened: number;
  noted: { readonly seq: number; readonly crashes: number } | null;
}

/** Journals in memory, for tests: as durable as this object. */
export class MemoryJournalStore implements JournalStore {
  readonly #journals = new Map<string, Journal>();

  async open({ journal: name }: { readonly journal: string }): Promise<OpenJournal> {
    const journal = this.#journals.get(name) ?? {
      epoch: 0,
      lastSeq: 0,
      snapshot: null,
      entries: [],
      skipped: new Set<number>(),
      opened: 0,
      noted: null,
    };
    this.#journals.set(name, journal);
    journal.epoch += 1;
    const { opened, noted } = journal;
    journal.opened += 1;
    return {
      epoch: journal.epoch,
      lastSeq: journal.lastSeq,
      snapshot: journal.snapshot,
      unfinished: { opened, seq: noted?.seq ?? null, crashes: noted?.crashes ?? 0 },
    };
  }

  async read(request: { readonly journal: string; readonly after: number; readonly limit: number }) {
    const journal = this.#journals.get(request.journal);
    return (journal?.entries ?? [])
      .filter(({ seq }) => seq > request.after)
      .slice(0, request.limit)
      .map((entry) => ({ ...entry, skipped: journal?.skipped.has(entry.seq) === true }));
  }

  async append(request: JournalOwner & { readonly entries: readonly JournalEntry[] }): Promise<void> {
    const journal = this.#owned(request);
    const [first] = request.entries;
    const last = request.entries.at(-1);
    if (first === undefined || last === undefined || last.seq <= journal.lastSeq) return;
    if (first.seq !== journal.lastSeq + 1) throw lost(request.journal);
    journal.entries.push(...request.entries);
    journal.lastSeq = last.seq;
  }

  async note(request: JournalOwner & { readonly seq: number; readonly crashes: number }): Promise<void> {
    this.#owned(request).noted = { seq: request.seq, crashes: request.crashes };
  }

  async skip(request: JournalOwner & { readonly seq: number }): Promise<void> {
    this.#owned(request).skipped.add(request.seq);
  }

  async replayed(request: JournalOwner): Promise<void> {
    const journal = this.#owned(request);
    journal.opened = 0;
    journal.noted = null;
  }

  async snapshot(request: JournalOwner & JournalSnapshot): Promise<void> {
    const journal = this.#owned(request);
    journal.snapshot = { seq: request.seq, state: request.state };
    journal.entries = journal.entries.filter(({ seq }) => seq > request.seq);
  }

  async remove({ journal }: { readonly journal: string }): Promise<void> {
    this.#journals.delete(journal);
  }

  #owned({ journal: name, epoch }: JournalOwner): Journal {
    const journal = this.#journals.get(name);
    if (journal?.epoch !== epoch) throw lost(name);
    return journal;
  }
}

function lost(journal: string): MagFlockError {
  return new MagFlockError('MF631', `another incarnation has opened the journal of ${journal} since`);
}
