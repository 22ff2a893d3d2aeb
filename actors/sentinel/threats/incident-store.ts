import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import type { FeedbackEntry, Incident, Threat } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { QueryRows, StorageProtocol } from '../../../runtime/protocol/storage.protocol.ts';
import { incidentsJson, threatColumns, threatOfRow } from './incident-row.ts';

/** How many incidents are kept, and for how many days. */
export interface Retention {
  readonly most: number;
  readonly days: number;
}

/** Incidents and feedback in the control database. Ids are UUIDv7, so their order is that of time. */
export class IncidentStore {
  readonly #storage: Pick<ActorRef<StorageProtocol>, 'ask'>;

  constructor(storage: Pick<ActorRef<StorageProtocol>, 'ask'>) {
    this.#storage = storage;
  }

  /** Writing one twice changes nothing. */
  async insert(incidents: readonly Incident[]): Promise<void> {
    await this.#query(
      `insert into cp_sentinel.incidents (id, project, at, agent, signature, score, band, action, enforced, address,
          key_id, counts, surface, place, method, path, digest, excerpt, request_id, explanation, features, suppressed)
        select id, project, at, agent, signature, score, band, action, enforced, address, "keyId", counts, surface,
          "where", method, path, digest, excerpt, "requestId", explanation, features, coalesce(suppressed, 0)
        from json_to_recordset($1::json) as incident (id uuid, project text, at timestamptz, agent text,
          signature text, score float8, band text, action text, enforced boolean, address text, "keyId" text,
          counts boolean, surface text, "where" text, method text, path text, digest text, excerpt text,
          "requestId" text, explanation jsonb, features text, suppressed int)
        on conflict (id) do nothing`,
      [incidentsJson(incidents)],
    );
  }

  /** Newest first. */
  async list(project: string | undefined, limit: number): Promise<readonly Threat[]> {
    const { rows } = await this.#query(
      `select ${threatColumns} from cp_sentinel.incidents i left join cp_sentinel.feedback f on f.incident = i.id
        ${project === undefined ? '' : 'where i.project = $2'}
        order by ${project === undefined ? 'i.id desc' : 'i.at desc, i.id desc'} limit $1`,
      project === undefined ? [limit] : [limit, project],
    );
    return rows.map(threatOfRow);
  }

  /** @param id a UUID; anything else is an error of the database */
  async find(id: string): Promise<Threat | undefined> {
    const { rows } = await this.#query(
      `select ${threatColumns} from cp_sentinel.incidents i left join cp_sentinel.feedback f on f.incident = i.id
        where i.id = $1::uuid`,
      [id],
    );
    return rows[0] === undefined ? undefined : threatOfRow(rows[0]);
  }

  /** What is said last counts. */
  async say(incident: Incident, feedback: NonNullable<Threat['feedback']>): Promise<void> {
    await this.#query(
      `insert into cp_sentinel.feedback (incident, project, verdict, at, note, surface, address, key_id, features)
        values ($1::uuid, $2, $3, $4::timestamptz, $5, $6, $7, $8, $9)
        on conflict (incident) do update set verdict = excluded.verdict, at = excluded.at, note = excluded.note`,
      [
        ...[incident.id, incident.project, feedback.verdict, feedback.at, feedback.note],
        ...[incident.surface, incident.address, incident.keyId, incident.features],
      ],
    );
  }

  /** Feedback that the training can read: with features. The newest, oldest first. */
  async entries(limit: number): Promise<readonly FeedbackEntry[]> {
    const { rows } = await this.#query(
      `select * from (
          select incident::text, verdict, surface, address, key_id, features,
            extract(epoch from at)::float8 * 1000 as at_ms
          from cp_sentinel.feedback where features is not null order by at desc, incident limit $1
        ) newest order by at_ms, incident`,
      [limit],
    );
    return rows.map((row) => ({
      incident: String(row['incident']),
      verdict: String(row['verdict']) as FeedbackEntry['verdict'],
      at: new Date(Math.round(Number(row['at_ms']))).toISOString(),
      surface: String(row['surface']) as FeedbackEntry['surface'],
      address: String(row['address']),
      keyId: row['key_id'] === null ? null : String(row['key_id']),
      features: String(row['features']),
    }));
  }

  /** @returns how many were taken out. Feedback stays: it is what the training needs. */
  async trim({ most, days }: Retention): Promise<number> {
    const { count } = await this.#query(
      `delete from cp_sentinel.incidents
        where at < clock_timestamp() - $2 * interval '1 day'
          or id <= (select id from cp_sentinel.incidents order by id desc offset $1 limit 1)`,
      [most, days],
    );
    return count;
  }

  /** A later project of the same name must not inherit them. */
  async removeProject(project: string): Promise<void> {
    await this.#query('delete from cp_sentinel.incidents where project = $1', [project]);
    await this.#query('delete from cp_sentinel.statement_shapes where project = $1', [project]);
  }

  #query(text: string, values: readonly unknown[]): Promise<QueryRows> {
    return this.#storage.ask('query', { database: 'control', text, values });
  }
}
