import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { KeyScopes } from '../../runtime/protocol/identity.protocol.ts';
import type { Statement, StorageProtocol } from '../../runtime/protocol/storage.protocol.ts';
import type { StoredKey } from './stored-key.ts';

const columns = `id::text, project, role, name, hash, public_key, shown, scopes,
  extract(epoch from created_at)::float8 * 1000 as created_ms,
  extract(epoch from revoked_at)::float8 * 1000 as revoked_ms`;

/** Keys in the control database. Every write is one statement, so it is there whole or not at all. */
export class KeyStore {
  readonly #storage: Pick<ActorRef<StorageProtocol>, 'ask'>;

  constructor(storage: Pick<ActorRef<StorageProtocol>, 'ask'>) {
    this.#storage = storage;
  }

  /**
   * Keys that work, and those revoked in the last 90 days: they are told from unknown ones (MF204, MF202).
   * @param now milliseconds since the epoch
   */
  async loadAll(now: number): Promise<readonly StoredKey[]> {
    return this.#rows({
      text: `select ${columns} from cp_core.api_keys
        where revoked_at is null or revoked_at > to_timestamp($1::float8 / 1000) - interval '90 days'`,
      values: [now],
    });
  }

  async list(project: string): Promise<readonly StoredKey[]> {
    return this.#rows({
      text: `select ${columns} from cp_core.api_keys where project = $1 order by created_at, id`,
      values: [project],
    });
  }

  async insert(keys: readonly StoredKey[]): Promise<void> {
    await this.#storage.ask('query', { database: 'control', ...insertion(keys) });
  }

  /** @returns false when there is no such key or it is revoked already */
  async revoke(project: string, id: string, at: number): Promise<boolean> {
    const answer = await this.#storage.ask('query', {
      database: 'control',
      text: `update cp_core.api_keys set revoked_at = to_timestamp($3::float8 / 1000)
        where project = $1 and id = $2::uuid and (revoked_at is null or revoked_at > to_timestamp($3::float8 / 1000))`,
      values: [project, id, at],
    });
    return answer.count > 0;
  }

  /** Old one revoked at `oldEnds`, new one in its place, in one transaction. */
  async replace(old: StoredKey, oldEnds: number, fresh: StoredKey): Promise<void> {
    await this.#storage.ask('transaction', {
      database: 'control',
      statements: [
        insertion([fresh]),
        {
          text: `update cp_core.api_keys
            set revoked_at = to_timestamp($3::float8 / 1000), replaced_by = $4::uuid
            where project = $1 and id = $2::uuid`,
          values: [old.project, old.id, oldEnds, fresh.id],
        },
      ],
    });
  }

  /** @throws MF508 when there is no such project */
  async requireProject(project: string): Promise<void> {
    await this.#storage.ask('project', { ref: project });
  }

  async #rows(statement: Statement): Promise<readonly StoredKey[]> {
    const { rows } = await this.#storage.ask('query', { database: 'control', ...statement });
    return rows.map(fromRow);
  }
}

function insertion(keys: readonly StoredKey[]): Statement {
  const values: unknown[] = [];
  const tuples = keys.map((key) => {
    const at = values.length;
    values.push(key.id, key.project, key.role, key.name, key.hash, key.publicKey, key.shown);
    values.push(JSON.stringify(key.scopes), key.createdAt);
    return `($${at + 1}::uuid, $${at + 2}, $${at + 3}, $${at + 4}, $${at + 5}, $${at + 6}, $${at + 7}, $${at + 8},
      to_timestamp($${at + 9}::float8 / 1000))`;
  });
  return {
    text: `insert into cp_core.api_keys
      (id, project, role, name, hash, public_key, shown, scopes, created_at) values ${tuples.join(', ')}`,
    values,
  };
}

function fromRow(row: Readonly<Record<string, unknown>>): StoredKey {
  return {
    id: String(row['id']),
    project: String(row['project']),
    role: row['role'] === 'anon' ? 'anon' : 'service_role',
    name: String(row['name']),
    hash: String(row['hash']),
    publicKey: row['public_key'] === null ? null : String(row['public_key']),
    shown: String(row['shown']),
    scopes: JSON.parse(String(row['scopes'])) as KeyScopes,
    createdAt: Math.round(Number(row['created_ms'])),
    revokedAt: row['revoked_ms'] === null ? null : Math.round(Number(row['revoked_ms'])),
    ephemeral: false,
  };
}
