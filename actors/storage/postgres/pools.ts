import { Pool, type PoolClient } from 'pg';
import { DatabaseFailure } from '../../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { DatabaseName, QueryRows, Statement } from '../../../runtime/protocol/storage.protocol.ts';
import { databaseOf } from '../database-names.ts';
import type { DatabaseServer } from '../server.ts';
import { catalogOnly, clientConfig } from './connect.ts';
import { mapError } from './map-error.ts';

export interface PoolsOptions {
  readonly server: DatabaseServer;
  /** Milliseconds after which an unused connection is given back. */
  readonly idleMs: number;
  /** Connections all of them may hold together. */
  readonly connections: number;
}

/** Connections of a pool: the control database is asked by several parts at once, a project by its sealer. */
const sizeOf = (name: DatabaseName): number => (name === 'control' ? 5 : 2);
/** What the pools of the two databases that are always in use take of the whole. */
const kept = 7;
const fewestProjects = 2;

/**
 * The administrator's connections, for what the other parts ask: small pools, made when needed, empty when idle.
 * Names are looked up in `pg_catalog` only, since the owner of a project could put anything into `public`.
 */
export class Pools {
  readonly #options: PoolsOptions;
  /** The one used last stands last. */
  readonly #pools = new Map<DatabaseName, Pool>();
  readonly #mostProjects: number;
  /** Pools whose connections are still saying goodbye. */
  #closing = 0;
  #released = Promise.withResolvers<void>();

  constructor(options: PoolsOptions) {
    this.#options = options;
    this.#mostProjects = Math.max(fewestProjects, Math.floor((options.connections - kept) / 2));
  }

  /** Runs one statement. @throws MF5xx */
  async query(name: DatabaseName, statement: Statement): Promise<QueryRows> {
    return this.#use(name, (client) => run(client, statement));
  }

  /** Runs all statements in one transaction. @throws MF5xx; then nothing of it was done */
  async transaction(name: DatabaseName, statements: readonly Statement[]): Promise<readonly QueryRows[]> {
    return this.#use(name, async (client) => {
      await client.query('begin');
      const answers: QueryRows[] = [];
      for (const statement of statements) answers.push(await run(client, statement));
      const { command } = await client.query('commit');
      // A COMMIT of a transaction that had failed is answered ROLLBACK, and no error says so.
      if (command !== 'COMMIT') throw new MagFlockError('MF500', `COMMIT was answered ${command}.`);
      return answers;
    });
  }

  /** Closes the connections to one database, or to all. */
  async close(name?: DatabaseName): Promise<void> {
    const names = name === undefined ? [...this.#pools.keys()] : [name];
    await Promise.all(
      names.map(async (each) => {
        const pool = this.#pools.get(each);
        this.#pools.delete(each);
        await pool?.end().catch(() => {});
      }),
    );
  }

  async #use<T>(name: DatabaseName, work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      client = await this.#connect(name);
      const answer = await work(client);
      client.release();
      return answer;
    } catch (thrown) {
      // Closed, not reused: it may be inside a failed transaction, or dead.
      client?.release(true);
      throw asMagFlockError(thrown);
    } finally {
      this.#release();
    }
  }

  /** Whoever waits for a pool looks again. */
  #release(): void {
    const { resolve } = this.#released;
    this.#released = Promise.withResolvers();
    resolve();
  }

  async #connect(name: DatabaseName): Promise<PoolClient> {
    while (name.startsWith('project:') && !this.#pools.has(name) && this.#projects() >= this.#mostProjects) {
      if (this.#closing > 0 || !this.#evict()) await this.#released.promise;
    }
    // In one step with the look-up: from here on the pool has somebody waiting and is not evicted.
    return this.#pool(name).connect();
  }

  #pool(name: DatabaseName): Pool {
    const existing = this.#pools.get(name);
    if (existing !== undefined) {
      this.#pools.delete(name);
      this.#pools.set(name, existing);
      return existing;
    }
    const { server, idleMs } = this.#options;
    const pool = new Pool({
      ...clientConfig({
        endpoint: server.endpoint,
        login: server.administrator,
        database: databaseOf(name),
        name: 'storage',
        client: catalogOnly,
      }),
      max: sizeOf(name),
      idleTimeoutMillis: idleMs,
      allowExitOnIdle: true,
    });
    pool.on('error', () => {});
    // While a client is in use the pool does not listen; its query gets the error, and nobody else must.
    pool.on('connect', (client) => client.on('error', () => {}));
    this.#pools.set(name, pool);
    return pool;
  }

  /** Projects with a pool, those on their way out included. */
  #projects(): number {
    let projects = this.#closing;
    for (const name of this.#pools.keys()) if (name.startsWith('project:')) projects += 1;
    return projects;
  }

  /** Gives up the project's pool used longest ago, among those that nobody uses now. */
  #evict(): boolean {
    for (const [name, pool] of this.#pools) {
      const unused = pool.totalCount === pool.idleCount && pool.waitingCount === 0;
      if (!name.startsWith('project:') || !unused) continue;
      this.#closing += 1;
      void this.close(name).finally(() => {
        this.#closing -= 1;
        this.#release();
      });
      return true;
    }
    return false;
  }
}

async function run(client: PoolClient, statement: Statement): Promise<QueryRows> {
  const { rows, rowCount } = await client.query(statement.text, statement.values as unknown[] | undefined);
  return { rows, count: rowCount ?? rows.length };
}

/** What crosses to another part is a MagFlockError, with PostgreSQL's facts as details. */
function asMagFlockError(thrown: unknown): MagFlockError {
  const mapped = mapError(thrown);
  if (!(mapped instanceof DatabaseFailure)) return mapped;
  return new MagFlockError('MF500', mapped.message, { details: { ...mapped.facts } });
}
