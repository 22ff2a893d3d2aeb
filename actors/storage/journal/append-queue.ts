import type { JournalEntry, JournalOwner } from '../../../runtime/bus/journal-store.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { RunQuery } from './run-query.ts';

interface Append extends JournalOwner {
  readonly entries: readonly JournalEntry[];
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Bytes of one statement, unless a single append is larger; and bytes that may wait. */
const batchBytes = 8 * 1024 * 1024;
const waitingBytes = 64 * 1024 * 1024;

/**
 * Appends of all journals. The first goes to the database at once; those that come while it is under way share
 * the next statement, and with it one commit.
 */
export class AppendQueue {
  readonly #query: RunQuery;
  #waiting: Append[] = [];
  #waitingBytes = 0;
  #running = false;

  constructor(query: RunQuery) {
    this.#query = query;
  }

  append(owner: JournalOwner, entries: readonly JournalEntry[]): Promise<void> {
    const bytes = entries.reduce(
      (sum, { payload, reply }) => sum + payload.byteLength + (reply?.byteLength ?? 0),
      0,
    );
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > waitingBytes) {
      return Promise.reject(new MagFlockError('MF503', 'Too many journal entries wait for the database.'));
    }
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      const { journal, epoch } = owner;
      this.#waiting.push({ journal, epoch, entries, bytes, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Appends that come in this turn share the first statement.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      try {
        const appended = await this.#write(batch);
        for (const one of batch) {
          if (appended.has(one.journal)) one.resolve();
          else one.reject(lost(one.journal));
        }
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.#running = false;
  }

  /** One append of each journal: the place of a second depends on the outcome of the first. */
  #next(): readonly Append[] {
    const batch = new Map<string, Append>();
    const later: Append[] = [];
    let bytes = 0;
    for (const one of this.#waiting) {
      const fits = batch.size === 0 || bytes + one.bytes <= batchBytes;
      if (!fits || batch.has(one.journal)) later.push(one);
      else {
        batch.set(one.journal, one);
        bytes += one.bytes;
      }
    }
    this.#waiting = later;
    this.#waitingBytes -= bytes;
    return [...batch.values()];
  }

  /**
   * One statement: the row of a journal moves to its new end only under its last owner, and the entries of those
   * that moved are written. An append that had succeeded without its caller hearing of it is found by its end.
   */
  async #write(batch: readonly Append[]): Promise<ReadonlySet<unknown>> {
    const all = batch.flatMap(({ journal, entries }) => entries.map((entry) => ({ journal, ...entry })));
    const { rows } = await this.#query({
      text: `with wanted as (
          select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
            as w (journal, epoch, first_seq, last_seq)
        ), moved as (
          update cp_runtime.journals as j set last_seq = w.last_seq
          from wanted as w
          where j.journal = w.journal and j.epoch = w.epoch and j.last_seq = w.first_seq - 1
          returning j.journal
        ), written as (
          insert into cp_runtime.journal_entries (journal, seq, id, method, payload, reply)
          select e.* from unnest($5::text[], $6::bigint[], $7::text[], $8::text[], $9::bytea[], $10::bytea[])
            as e (journal, seq, id, method, payload, reply)
          join moved on moved.journal = e.journal
        )
        select journal from moved
        union all
        select j.journal from cp_runtime.journals as j
        join wanted as w on w.journal = j.journal and w.epoch = j.epoch and w.last_seq = j.last_seq`,
      values: [
        batch.map(({ journal }) => journal),
        batch.map(({ epoch }) => epoch),
        batch.map(({ entries }) => entries[0]?.seq),
        batch.map(({ entries }) => entries.at(-1)?.seq),
        all.map(({ journal }) => journal),
        all.map(({ seq }) => seq),
        all.map(({ id }) => id),
        all.map(({ method }) => method),
        all.map(({ payload }) => Buffer.from(payload)),
        all.map(({ reply }) => (reply === null ? null : Buffer.from(reply))),
      ],
    });
    return new Set(rows.map(({ journal }) => journal));
  }
}

function lost(journal: string): MagFlockError {
  return new MagFlockError('MF631', `another incarnation has opened the journal of ${journal} since`);
}
