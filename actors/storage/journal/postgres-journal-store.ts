import type {
  JournalEntry,
  JournalOwner,
  JournalSnapshot,
  JournalStore,
  OpenJournal,
} from '../../../runtime/bus/journal-store.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { AppendQueue } from './append-queue.ts';
import type { RunQuery } from './run-query.ts';

/** Bytes of one answer of `read`, so that a long journal does not fill the memory of two threads. */
const pageBytes = 4 * 1024 * 1024;

/** Journals in the control database. */
export class PostgresJournalStore implements JournalStore {
  readonly #query: RunQuery;
  readonly #appends: AppendQueue;

  constructor(query: RunQuery) {
    this.#query = query;
    this.#appends = new AppendQueue(query);
  }

  async open({ journal }: { readonly journal: string }): Promise<OpenJournal> {
    const head = await this.#query({
      text: `insert into cp_runtime.journals as j (journal, epoch, opened) values ($1, 1, 1)
        on conflict (journal) do update set epoch = j.epoch + 1, opened = j.opened + 1
        returning epoch::float8, last_seq::float8, opened - 1 as opened, noted_seq::float8, noted_crashes`,
      values: [journal],
    });
    // After the epoch has moved: a former owner can put no newer snapshot in its place.
    const found = await this.#query({
      text: 'select seq::float8, state from cp_runtime.snapshots where journal = $1',
      values: [journal],
    });
    const row = head.rows[0] as Record<string, number | null>;
    const snapshot = found.rows[0] as { seq: number; state: Buffer } | undefined;
    return {
      epoch: Number(row['epoch']),
      lastSeq: Number(row['last_seq']),
      snapshot: snapshot === undefined ? null : { seq: snapshot.seq, state: bytes(snapshot.state) },
      unfinished: {
        opened: Number(row['opened']),
        seq: row['noted_seq'] ?? null,
        crashes: Number(row['noted_crashes']),
      },
    };
  }

  async read(request: { readonly journal: string; readonly after: number; readonly limit: number }) {
    const { rows } = await this.#query({
      text: `select seq::float8, id, method, payload, reply, skipped from (
          select *, sum(octet_length(payload)) over (order by seq) - octet_length(payload) as before
          from (select * from cp_runtime.journal_entries where journal = $1 and seq > $2 order by seq limit $3) as page
        ) as entry where before < $4 order by seq`,
      values: [request.journal, request.after, request.limit, pageBytes],
    });
    return rows.map((row) => {
      const { seq, id, method, payload, reply, skipped } = row as unknown as Omit<
        JournalEntry,
        'payload' | 'reply'
      > & { payload: Buffer; reply: Buffer | null; skipped: boolean };
      return {
        seq,
        id,
        method,
        payload: bytes(payload),
        reply: reply === null ? null : bytes(reply),
        skipped,
      };
    });
  }

  async append(request: JournalOwner & { readonly entries: readonly JournalEntry[] }): Promise<void> {
    if (request.entries.length > 0) await this.#appends.append(request, request.entries);
  }

  async note(request: JournalOwner & { readonly seq: number; readonly crashes: number }): Promise<void> {
    await this.#own(request, 'noted_seq = $3, noted_crashes = $4', request.seq, request.crashes);
  }

  async skip(request: JournalOwner & { readonly seq: number }): Promise<void> {
    const { count } = await this.#query({
      text: `update cp_runtime.journal_entries as e set skipped = true from cp_runtime.journals as j
        where j.journal = $1 and j.epoch = $2 and e.journal = j.journal and e.seq = $3`,
      values: [request.journal, request.epoch, request.seq],
    });
    if (count === 0) throw lost(request.journal);
  }

  async replayed(request: JournalOwner): Promise<void> {
    await this.#own(request, 'opened = 0, noted_seq = null, noted_crashes = 0');
  }

  async snapshot(request: JournalOwner & JournalSnapshot): Promise<void> {
    const { rows } = await this.#query({
      // The row of the journal is locked, so that nobody opens it in the midst.
      text: `with owned as (
          select journal from cp_runtime.journals where journal = $1 and epoch = $2 for update
        ), saved as (
          insert into cp_runtime.snapshots as s (journal, seq, state) select journal, $3, $4 from owned
          on conflict (journal) do update set seq = excluded.seq, state = excluded.state, at = clock_timestamp()
        ), trimmed as (
          delete from cp_runtime.journal_entries as e using owned where e.journal = owned.journal and e.seq <= $3
        )
        select from owned`,
      values: [request.journal, request.epoch, request.seq, Buffer.from(request.state)],
    });
    if (rows.length === 0) throw lost(request.journal);
  }

  async remove({ journal }: { readonly journal: string }): Promise<void> {
    await this.#query({ text: 'delete from cp_runtime.journals where journal = $1', values: [journal] });
  }

  async #own({ journal, epoch }: JournalOwner, change: string, ...values: unknown[]): Promise<void> {
    const { count } = await this.#query({
      text: `update cp_runtime.journals set ${change} where journal = $1 and epoch = $2`,
      values: [journal, epoch, ...values],
    });
    if (count === 0) throw lost(journal);
  }
}

/** A copy of its own: a slice of the driver's buffer would take all of it to the other thread. */
function bytes(buffer: Uint8Array): Uint8Array {
  return Uint8Array.from(buffer);
}

function lost(journal: string): MagFlockError {
  return new MagFlockError('MF631', `another incarnation has opened the journal of ${journal} since`);
}
