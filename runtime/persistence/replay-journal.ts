import type { JournalEntry, JournalOwner, JournalStore, OpenJournal } from '../bus/journal-store.ts';
import { patiently } from './patiently.ts';

export interface ReplayOptions {
  readonly store: JournalStore;
  readonly owner: JournalOwner;
  readonly opened: OpenJournal;
  /** Starts that one entry may end. */
  readonly poisonAfter: number;
  readonly signal: AbortSignal;
  run(entry: JournalEntry): unknown;
  /** An entry that is not run: it ended its incarnation too often. */
  poison(entry: JournalEntry, crashes: number): void;
}

const pageEntries = 1_000;

/**
 * Runs what came after the snapshot. When an earlier replay died, each entry is noted before it runs, so that the
 * one that kills is found; one that has ended `poisonAfter` starts is never run again.
 * @returns how many entries there were
 */
export async function replayJournal(options: ReplayOptions): Promise<number> {
  const { store, owner, opened, poisonAfter, signal } = options;
  const { unfinished, lastSeq } = opened;
  const start = opened.snapshot?.seq ?? 0;
  // A replay that died without a note says only that some entry is to blame.
  const unknownCrashes = unfinished.seq === null && unfinished.opened > 0 ? 1 : 0;
  const crashesOf = (seq: number) => (seq === unfinished.seq ? unfinished.crashes + 1 : unknownCrashes);
  const careful = unfinished.opened > 0;
  const note = (seq: number, crashes: number) =>
    patiently(signal, () => store.note({ ...owner, seq, crashes }));
  let after = start;
  while (after < lastSeq) {
    const request = { journal: owner.journal, after, limit: pageEntries };
    const page = await patiently(signal, () => store.read(request));
    if (page.length === 0) break;
    for (const { skipped, ...entry } of page) {
      after = entry.seq;
      if (skipped) continue;
      const crashes = crashesOf(entry.seq);
      if (entry.seq === unfinished.seq && crashes >= poisonAfter) {
        await patiently(signal, () => store.skip({ ...owner, seq: entry.seq }));
        options.poison(entry, crashes);
        continue;
      }
      if (careful) await note(entry.seq, crashes);
      try {
        const result = options.run(entry);
        if (result instanceof Promise) await result;
      } catch (error) {
        if (!careful) await store.note({ ...owner, seq: entry.seq, crashes }).catch(() => {});
        throw error;
      }
    }
    // What fails from here on is no entry's fault.
    if (careful) await note(0, 0);
  }
  await patiently(signal, () => store.replayed(owner));
  return after - start;
}
