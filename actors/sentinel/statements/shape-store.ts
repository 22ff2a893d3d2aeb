import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import type { StorageProtocol } from '../../../runtime/protocol/storage.protocol.ts';

/** One shape of statements of a route. */
export interface StatementShape {
  readonly fingerprint: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
}

/** What is added to the count of a shape; a new one begins with it. */
export interface ShapeCount {
  readonly project: string;
  readonly route: string;
  readonly fingerprint: string;
  readonly count: number;
}

/** Shapes of statements in the control database. */
export class ShapeStore {
  readonly #storage: Pick<ActorRef<StorageProtocol>, 'ask'>;

  constructor(storage: Pick<ActorRef<StorageProtocol>, 'ask'>) {
    this.#storage = storage;
  }

  /** @returns those used most, at most `most` */
  async load(project: string, route: string, most: number): Promise<readonly StatementShape[]> {
    const { rows } = await this.#storage.ask('query', {
      database: 'control',
      text: `select fingerprint, count::float8 as count, extract(epoch from first_seen)::float8 * 1000 as first_ms
        from cp_sentinel.statement_shapes where project = $1 and route = $2 order by count desc limit $3`,
      values: [project, route, most],
    });
    return rows.map((row) => ({
      fingerprint: String(row['fingerprint']),
      count: Number(row['count']),
      firstSeen: Number(row['first_ms']),
    }));
  }

  async add(counts: readonly ShapeCount[]): Promise<void> {
    await this.#storage.ask('query', {
      database: 'control',
      text: `insert into cp_sentinel.statement_shapes as kept (project, route, fingerprint, count)
        select project, route, fingerprint, count
        from json_to_recordset($1::json) as shape (project text, route text, fingerprint text, count bigint)
        on conflict (project, route, fingerprint)
        do update set count = kept.count + excluded.count, last_seen = clock_timestamp()`,
      values: [JSON.stringify(counts)],
    });
  }
}
