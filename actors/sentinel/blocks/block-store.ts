import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import type { StorageProtocol } from '../../../runtime/protocol/storage.protocol.ts';
import type { KeptBlock } from './block-list.ts';

/** Blocks in the control database. */
export class BlockStore {
  readonly #storage: Pick<ActorRef<StorageProtocol>, 'ask'>;

  constructor(storage: Pick<ActorRef<StorageProtocol>, 'ask'>) {
    this.#storage = storage;
  }

  /** Those in force and those that ended within a day, in the order of their end; of projects that still exist. */
  async load(): Promise<readonly KeptBlock[]> {
    const { rows } = await this.#storage.ask('query', {
      database: 'control',
      text: `select id::text, project, address, key_id, seconds, incidents::text, reason,
          extract(epoch from since)::float8 * 1000 as since_ms, extract(epoch from until)::float8 * 1000 as until_ms
        from cp_sentinel.blocks
        where until > clock_timestamp() - interval '1 day'
          and project in (select ref from cp_core.projects)
        order by until limit 20000`,
    });
    return rows.map((row) => ({
      id: String(row['id']),
      project: String(row['project']),
      address: String(row['address']),
      keyId: row['key_id'] === null ? null : String(row['key_id']),
      since: new Date(Math.round(Number(row['since_ms']))).toISOString(),
      until: new Date(Math.round(Number(row['until_ms']))).toISOString(),
      incidents: JSON.parse(String(row['incidents'])) as readonly string[],
      reason: String(row['reason']),
      seconds: Number(row['seconds']),
    }));
  }

  /** Writing one twice changes nothing. */
  async insert(blocks: readonly KeptBlock[]): Promise<void> {
    await this.#storage.ask('query', {
      database: 'control',
      text: `insert into cp_sentinel.blocks (id, project, address, key_id, since, until, seconds, incidents, reason)
        select id, project, address, "keyId", since, until, seconds, incidents, reason
        from json_to_recordset($1::json) as block (id uuid, project text, address text, "keyId" text,
          since timestamptz, until timestamptz, seconds int, incidents jsonb, reason text)
        on conflict (id) do nothing`,
      values: [JSON.stringify(blocks)],
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#storage.ask('query', {
      database: 'control',
      text: 'delete from cp_sentinel.blocks where id = any($1::uuid[])',
      values: [ids],
    });
  }

  /** What is over for longer than anything asks about it. */
  async trim(): Promise<void> {
    await this.#storage.ask('query', {
      database: 'control',
      text: `delete from cp_sentinel.blocks where until < clock_timestamp() - interval '1 day'`,
    });
  }

  async removeProject(project: string): Promise<void> {
    await this.#storage.ask('query', {
      database: 'control',
      text: 'delete from cp_sentinel.blocks where project = $1',
      values: [project],
    });
  }
}
