import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';
import { migrateUp } from '../../actors/storage/migrate/migrate.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type {
  DatabaseName,
  QueryRequest,
  QueryRows,
  Statement,
  TransactionRequest,
} from '../../runtime/protocol/storage.protocol.ts';
import { testCluster } from './test-cluster.ts';

interface Server {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** `MAGFLOCK_TEST_SERVER=host:port:user` spares the start of a cluster while one test file is worked on. */
async function testServer(): Promise<Server> {
  const [host = '', port = '', user = ''] = process.env['MAGFLOCK_TEST_SERVER']?.split(':') ?? [];
  if (host !== '') return { host, port: Number(port), user, password: '' };
  const { endpoint, logins } = await testCluster();
  return { host: endpoint.host, port: endpoint.port, ...logins.superuser() };
}

/**
 * The part of Storage that PSU and Audit ask, straight over `pg`: real databases with the real migrations, without
 * the actor. `down` and `before` make it fail where a test wants it.
 */
export class FakeStorage {
  readonly #prefix: string;
  readonly #server: Server;
  readonly #refs = new Set<string>();
  readonly #pools = new Map<string, Pool>();
  /** True: every statement is answered MF503. */
  down = false;
  /** Runs before each statement; what it throws is the answer. */
  before: (request: QueryRequest) => void | Promise<void> = () => {};
  /** Runs after each statement that succeeded; what it throws is the answer (an outcome the caller never hears). */
  after: (request: QueryRequest) => void | Promise<void> = () => {};

  private constructor(server: Server) {
    this.#server = server;
    this.#prefix = `mgtest_${randomBytes(5).toString('hex')}`;
  }

  /** A control database and one database for each ref. */
  static async create(refs: readonly string[]): Promise<FakeStorage> {
    const storage = new FakeStorage(await testServer());
    await storage.#make('control', 'control');
    for (const ref of refs) await storage.addProject(ref);
    return storage;
  }

  async addProject(ref: string): Promise<void> {
    this.#refs.add(ref);
    await this.#make(`project:${ref}`, 'project');
    await this.sql('control', `insert into cp_core.projects (ref, state) values ($1, 'ready')`, [ref]);
  }

  async removeProject(ref: string): Promise<void> {
    this.#refs.delete(ref);
    await this.sql('control', 'delete from cp_core.projects where ref = $1', [ref]);
    await this.#drop(`project:${ref}`);
  }

  /** The ref that actors hold; only what PSU and Audit use of it. */
  // biome-ignore lint/suspicious/noExplicitAny: one fake for all methods; the tests check what comes back
  readonly ask = async (method: string, payload: any): Promise<any> => {
    if (this.down) throw new MagFlockError('MF503', 'the database is away');
    if (method === 'query') return this.#query(payload as QueryRequest);
    if (method === 'transaction') return this.#transaction(payload as TransactionRequest);
    if (method === 'listProjects') return [...this.#refs].map((ref) => ({ ref }));
    if (method === 'project') {
      this.#require(payload.ref);
      return { ref: payload.ref };
    }
    throw new Error(`fake storage does not know ${method}`);
  };

  /** A statement as the administrator, past all faults. */
  async sql(
    database: DatabaseName,
    text: string,
    values?: readonly unknown[],
    // biome-ignore lint/suspicious/noExplicitAny: rows of any statement
  ): Promise<any[]> {
    const { rows } = await this.#pool(database).query(text, values as unknown[] | undefined);
    return rows;
  }

  /** Connection facts of a database, for a test that logs in on its own. */
  connection(database: DatabaseName): Server & { readonly database: string } {
    return { ...this.#server, database: this.#name(database) };
  }

  async close(): Promise<void> {
    for (const name of [...this.#pools.keys()]) await this.#drop(name as DatabaseName);
  }

  async #query(request: QueryRequest): Promise<QueryRows> {
    if (request.database.startsWith('project:')) this.#require(request.database.slice(8));
    await this.before(request);
    const { rows, rowCount } = await this.#pool(request.database).query(request.text, [
      ...(request.values ?? []),
    ]);
    await this.after(request);
    // What crosses threads is a copy.
    return structuredClone({ rows, count: rowCount ?? 0 });
  }

  async #transaction({ database, statements }: TransactionRequest): Promise<readonly QueryRows[]> {
    const client = await this.#pool(database).connect();
    try {
      await client.query('begin');
      const answers: QueryRows[] = [];
      for (const { text, values } of statements as readonly Statement[]) {
        const { rows, rowCount } = await client.query(text, [...(values ?? [])]);
        answers.push({ rows, count: rowCount ?? 0 });
      }
      await client.query('commit');
      return answers;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  #require(ref: string): void {
    if (!this.#refs.has(ref)) throw new MagFlockError('MF508', `no project ${ref}`);
  }

  #name(database: DatabaseName): string {
    return `${this.#prefix}_${database.replace(':', '_')}`;
  }

  #pool(database: DatabaseName): Pool {
    let pool = this.#pools.get(database);
    if (pool === undefined) {
      pool = new Pool({
        ...this.#server,
        database: this.#name(database),
        max: 4,
        idleTimeoutMillis: 1000,
        options: '-c search_path=pg_catalog,pg_temp',
      });
      this.#pools.set(database, pool);
    }
    return pool;
  }

  async #make(database: DatabaseName, migrations: 'control' | 'project'): Promise<void> {
    await this.#admin(async (client) => {
      for (const role of ['anon', 'authenticated', 'service_role']) {
        await client.query(`create role ${role} nologin`).catch((error: { code?: string }) => {
          if (error.code !== '42710' && error.code !== '23505') throw error;
        });
      }
      await client.query(`create database ${this.#name(database)}`);
    });
    const client = await this.#pool(database).connect();
    try {
      await migrateUp(client, migrations);
    } finally {
      client.release();
    }
  }

  async #drop(database: DatabaseName): Promise<void> {
    await this.#pools.get(database)?.end();
    this.#pools.delete(database);
    await this.#admin((client) =>
      client.query(`drop database if exists ${this.#name(database)} with (force)`),
    );
  }

  async #admin(work: (client: Client) => Promise<unknown>): Promise<void> {
    const client = new Client({ ...this.#server, database: 'postgres' });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }
}
