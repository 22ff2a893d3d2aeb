import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { StorageProtocol } from '../../runtime/protocol/storage.protocol.ts';
import type { SealedRow } from './sealed-row.ts';

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export interface StoredCheckpoint {
  readonly seq: number;
  readonly line: string;
}

const columns = 'project, seq::float8 as seq, id::text, kind, entry, previous_hash, hash, seal';

/** Chains, heads and checkpoints in the control database. */
export class ChainStore {
  readonly #storage: Pick<ActorRef<StorageProtocol>, 'ask'>;

  constructor(storage: Pick<ActorRef<StorageProtocol>, 'ask'>) {
    this.#storage = storage;
  }

  /** What the head row says, and the last entry that is really there; they differ only when somebody meddled. */
  async head(project: string): Promise<{ readonly head: ChainHead | null; readonly last: ChainHead | null }> {
    const rows = await this.#rows(
      `(select 'head' as what, seq::float8 as seq, hash from cp_audit.heads where project = $1)
       union all
       (select 'last', seq::float8, hash from cp_audit.entries where project = $1 order by seq desc limit 1)`,
      project,
    );
    const find = (what: string): ChainHead | null => {
      const row = rows.find((candidate) => candidate['what'] === what);
      return row === undefined ? null : { seq: Number(row['seq']), hash: String(row['hash']) };
    };
    return { head: find('head'), last: find('last') };
  }

  /** Every project with a chain, also when somebody removed its head row. */
  async projects(): Promise<readonly string[]> {
    const rows = await this.#rows(
      `select project from cp_audit.heads
       union ${namesIn('cp_audit.entries')} union ${namesIn('cp_audit.checkpoints')} order by 1`,
    );
    return rows.map((row) => String(row['project']));
  }

  /** Entries of some chains, as their heads tell; for progress only. */
  async count(projects: readonly string[]): Promise<number> {
    const [row] = await this.#rows(
      'select coalesce(sum(seq), 0)::float8 as entries from cp_audit.heads where project = any($1::text[])',
      projects,
    );
    return Number(row?.['entries'] ?? 0);
  }

  /** Those of `ids` that the chain of the project has already. */
  async known(project: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#rows(
      'select id::text from cp_audit.entries where project = $1 and id = any($2::uuid[])',
      project,
      ids,
    );
    return new Set(rows.map((row) => String(row['id'])));
  }

  /**
   * Appends links, or nothing when the head row is another by now. One statement, so the head and the entries
   * move together or not at all; the row lock on the head makes two writers take turns.
   * @param expected the head row as it was read; null when there was none
   * @returns false when the head had moved
   */
  async append(project: string, expected: ChainHead | null, links: readonly SealedRow[]): Promise<boolean> {
    const last = links.at(-1);
    if (last === undefined) return true;
    const { count } = await this.#storage.ask('query', {
      database: 'control',
      text: `with moved as (
          insert into cp_audit.heads as head (project, seq, hash) values ($1, $2, $3)
          on conflict (project) do update set seq = excluded.seq, hash = excluded.hash,
            moved_at = clock_timestamp()
          where head.seq = $4 and head.hash = $5
          returning 1
        )
        insert into cp_audit.entries (project, seq, id, kind, entry, previous_hash, hash, seal)
        select $1, link.* from moved, unnest($6::bigint[], $7::uuid[], $8::text[], $9::text[], $10::text[],
          $11::text[], $12::text[]) as link (seq, id, kind, entry, previous_hash, hash, seal)`,
      values: [
        project,
        last.seq,
        last.hash,
        expected?.seq ?? -1,
        expected?.hash ?? '',
        links.map((link) => link.seq),
        links.map((link) => link.id),
        links.map((link) => link.kind),
        links.map((link) => link.entry),
        links.map((link) => link.previousHash),
        links.map((link) => link.hash),
        links.map((link) => link.seal),
      ],
    });
    return count === links.length;
  }

  /** Entries in order, from `after` (exclusive) to `upTo` (inclusive). */
  async walk(project: string, after: number, upTo: number, limit: number): Promise<readonly SealedRow[]> {
    const rows = await this.#rows(
      `select ${columns} from cp_audit.entries
       where project = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
      project,
      after,
      upTo,
      limit,
    );
    return rows.map(sealedRow);
  }

  /** Entries for readers; see `ReadLogsRequest`. */
  async read(
    project: string,
    kinds: readonly string[] | undefined,
    after: number | undefined,
    limit: number,
  ): Promise<readonly SealedRow[]> {
    // The partial index is only used when the text of the statement leaves writes out.
    const besides = kinds !== undefined && !kinds.includes('write') ? "and kind <> 'write'" : '';
    const rows = await this.#rows(
      `select ${columns} from cp_audit.entries
       where project = $1 and seq > $2 and ($3::text[] is null or kind = any($3::text[])) ${besides}
       order by seq ${after === undefined ? 'desc' : 'asc'} limit $4`,
      project,
      after ?? 0,
      kinds ?? null,
      limit,
    );
    const entries = rows.map(sealedRow);
    return after === undefined ? entries.reverse() : entries;
  }

  /** Hashes at some places of a chain, for checkpoints. */
  async hashesAt(project: string, seqs: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.#rows(
      'select seq::float8 as seq, hash from cp_audit.entries where project = $1 and seq = any($2::bigint[])',
      project,
      seqs,
    );
    return new Map(rows.map((row) => [Number(row['seq']), String(row['hash'])]));
  }

  async saveCheckpoints(project: string, checkpoints: readonly StoredCheckpoint[]): Promise<void> {
    await this.#storage.ask('query', {
      database: 'control',
      text: `insert into cp_audit.checkpoints (project, seq, line)
        select $1, * from unnest($2::bigint[], $3::text[]) on conflict do nothing`,
      values: [project, checkpoints.map(({ seq }) => seq), checkpoints.map(({ line }) => line)],
    });
  }

  async checkpoints(project: string, after: number, limit: number): Promise<readonly StoredCheckpoint[]> {
    const rows = await this.#rows(
      `select seq::float8 as seq, line from cp_audit.checkpoints
       where project = $1 and seq > $2 order by seq limit $3`,
      project,
      after,
      limit,
    );
    return rows.map((row) => ({ seq: Number(row['seq']), line: String(row['line']) }));
  }

  /** The newest checkpoints first. */
  async newestCheckpoints(project: string, limit: number): Promise<readonly StoredCheckpoint[]> {
    const rows = await this.#rows(
      `select seq::float8 as seq, line from cp_audit.checkpoints
       where project = $1 order by seq desc limit $2`,
      project,
      limit,
    );
    return rows.map((row) => ({ seq: Number(row['seq']), line: String(row['line']) }));
  }

  async #rows(text: string, ...values: unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await this.#storage.ask('query', { database: 'control', text, values })).rows;
  }
}

/** Distinct projects of a table, one index probe each: `distinct` would read a million entries for ten names. */
function namesIn(table: string): string {
  return `(with recursive name as (
      (select project from ${table} order by project limit 1)
      union all
      select (select project from ${table} where project > name.project order by project limit 1)
      from name where name.project is not null
    ) select project from name where project is not null)`;
}

function sealedRow(row: Readonly<Record<string, unknown>>): SealedRow {
  return {
    project: String(row['project']),
    seq: Number(row['seq']),
    id: String(row['id']),
    kind: String(row['kind']),
    entry: String(row['entry']),
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
    seal: String(row['seal']),
  };
}
