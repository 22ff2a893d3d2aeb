import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { serverProcesses } from '../../actors/storage/embedded/processes.ts';
import type { Endpoint } from '../../actors/storage/endpoint.ts';
import { deriveLogins, type Login, type Logins } from '../../actors/storage/login.ts';
import { Storage, type StorageOptions } from '../../actors/storage/storage.ts';
import type { Logger } from '../../runtime/telemetry/logger.ts';

/**
 * One embedded PostgreSQL for a whole mocha run, started by the first test that asks and stopped after the last.
 *
 *     const cluster = await testCluster();
 *     const project = await cluster.createProject();     // a project with mg_sys, roles, logins
 *     await project.sql('create table t (id int primary key)');
 *     const { rows } = await project.query('select 1 as one');   // as the project's owner
 *     await project.remove();                            // or leave it: the cluster goes anyway
 *
 * Ask for it in `before` hooks with a timeout of some 30 s: the first start makes a cluster.
 */
export interface TestCluster {
  /** The owner side of Storage, as the daemon would have it. */
  readonly storage: Storage;
  /** `control` (magui_app) and every `project:<ref>` are reached with `storage.query` as in the daemon. */
  readonly endpoint: Endpoint;
  readonly logins: Logins;
  readonly dataDir: string;
  /** A new project of a random ref. */
  createProject(): Promise<TestProject>;
  /** A connection of its own, as any login; the caller ends it. */
  connect(login: Login, database: string, options?: ClientConfig): Promise<Client>;
  /** Pids of the postmaster and all backends. */
  serverProcesses(): readonly number[];
  /** The same as superuser. */
  superuser(database: string): Promise<Client>;
}

export interface OwnCluster extends TestCluster {
  stop(): Promise<void>;
}

export interface TestProject {
  readonly ref: string;
  readonly database: string;
  readonly databaseUrl: string;
  /** Several statements as the owner, without parameters. */
  sql(text: string): Promise<void>;
  /** One statement as the owner. */
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  remove(): Promise<void>;
}

/** A logger that says nothing. */
export const silentLog: Logger = Object.fromEntries(
  ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => {}]),
) as unknown as Logger;

/** Key for logins that tests use. */
export const testLoginsKey = '5e'.repeat(32);

let starting: Promise<OwnCluster> | undefined;
let projects = 0;

/** The cluster of this run. */
export async function testCluster(): Promise<TestCluster> {
  if (starting === undefined) {
    const dataDir = mkdtempSync(join(tmpdir(), 'magflock-pg-'));
    chmodSync(dataDir, 0o711);
    starting = startCluster(dataDir);
    starting.then(endAtExit, () => {});
  }
  return starting;
}

/** A process that mocha ends has no time to stop a server: what it held is of no use to anybody. */
function endAtExit(cluster: OwnCluster): void {
  process.once('exit', () => {
    for (const pid of cluster.serverProcesses()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went with its postmaster.
      }
    }
    rmSync(cluster.dataDir, { recursive: true, force: true });
  });
}

// A root hook: it runs once, after every suite of every file. Files that run beside others share a process with those
// before and after them, whose hooks would stop the server of the next.
if (typeof after === 'function' && process.env['MOCHA_WORKER_ID'] === undefined) {
  after('stops the test cluster', async function () {
    this.timeout(20_000);
    const cluster = await starting?.catch(() => undefined);
    starting = undefined;
    await cluster?.stop();
  });
}

/** A cluster that the caller stops: for tests that kill it, and for benches. Its data folder goes with it. */
export async function startCluster(
  dataDir: string,
  options: Partial<StorageOptions> = {},
): Promise<OwnCluster> {
  const logins = deriveLogins(testLoginsKey);
  const storage = new Storage({
    settings: { dataDir, databaseUrl: null, 'storage.maxConnections': 100, 'storage.idleSeconds': 1 },
    loginsKey: testLoginsKey,
    log: silentLog,
    publish: async () => {},
    serverChanged: () => {},
    schemaChanged: () => {},
    ...options,
  });
  await storage.start();
  const connect: TestCluster['connect'] = async (login, database, options = {}) => {
    const { host, port } = storage.endpoint;
    const client = new Client({ host, port, ...login, database, ...options });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  return {
    storage,
    get endpoint() {
      return storage.endpoint;
    },
    logins,
    dataDir,
    connect,
    serverProcesses: () => serverProcesses(join(dataDir, 'postgres/data')),
    superuser: (database) => connect(logins.superuser(), database),
    async createProject() {
      projects += 1;
      const ref = `t${process.pid}x${projects}`;
      const { database, databaseUrl } = await storage.createProject(ref);
      const run: TestProject['query'] = async (text, values) => {
        const client = await connect(logins.owner(ref), database);
        try {
          return await client.query(text, values);
        } finally {
          await client.end();
        }
      };
      return {
        ref,
        database,
        databaseUrl,
        sql: async (text) => {
          await run(text);
        },
        query: run,
        remove: () => storage.removeProject(ref),
      };
    },
    async stop() {
      await storage.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
