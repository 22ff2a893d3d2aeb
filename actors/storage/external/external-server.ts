import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Logger } from '../../../runtime/telemetry/logger.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Login } from '../login.ts';
import { connect } from '../postgres/connect.ts';
import type { DatabaseServer, ServerChange, ServerFacts } from '../server.ts';
import { checkPrivileges } from './check-privileges.ts';
import { parseDatabaseUrl } from './parse-database-url.ts';

const oldest = 140000;
const retryMs = 500;
const probeMs = 5000;

/**
 * A PostgreSQL server outside (`DATABASE_URL`): nothing is started or stopped. One idle connection tells when it
 * goes; it is tried again until it is back.
 */
export class ExternalServer implements DatabaseServer {
  readonly administrator: Login;
  readonly endpoint: Endpoint;
  /** Database of the URL: what the administrator can surely enter. */
  readonly maintenance: string;
  readonly #log: Logger;
  readonly #listeners: ((change: ServerChange) => void)[] = [];
  #notes: readonly string[] = [];
  #versionNumber = 0;
  #version = '';
  #watch: Client | undefined;
  #probe: NodeJS.Timeout | undefined;
  #stopping = new AbortController();

  /** @param databaseUrl `postgres://user:password@host:port/database` @throws MF703 */
  constructor(databaseUrl: string, log: Logger) {
    const { endpoint, login, database } = parseDatabaseUrl(databaseUrl);
    this.endpoint = endpoint;
    this.administrator = login;
    this.maintenance = database;
    this.#log = log;
  }

  get available(): boolean {
    return this.#watch !== undefined;
  }

  get facts(): ServerFacts {
    const { host, port } = this.endpoint;
    return {
      kind: 'external',
      version: this.#version,
      versionNumber: this.#versionNumber,
      pid: null,
      address: `${host}:${port}`,
      notes: this.#notes,
    };
  }

  onChange(listener: (change: ServerChange) => void): void {
    this.#listeners.push(listener);
  }

  async start(): Promise<void> {
    let client: Client;
    try {
      client = await this.#connect();
    } catch (thrown) {
      const { host, port } = this.endpoint;
      throw new MagFlockError(
        'MF700',
        `The PostgreSQL of DATABASE_URL (${host}:${port}) cannot be used: ${(thrown as Error).message}`,
        {
          fix: 'Check host, port, user, password and database of DATABASE_URL, or leave it out: then MagFlock brings its own PostgreSQL.',
          cause: thrown,
        },
      );
    }
    try {
      const { rows } = await client.query<{ number: string; version: string }>(
        `select current_setting('server_version_num') as number, current_setting('server_version') as version`,
      );
      this.#versionNumber = Number(rows[0]?.number);
      this.#version = (rows[0]?.version ?? '').split(' ')[0] ?? '';
      if (this.#versionNumber < oldest) {
        throw new MagFlockError(
          'MF706',
          `The PostgreSQL of DATABASE_URL is version ${this.#version}; MagFlock needs 14 or newer.`,
          {
            fix: 'Upgrade the server, or leave DATABASE_URL out: then MagFlock brings its own PostgreSQL.',
          },
        );
      }
      this.#notes = await checkPrivileges(client, this.#versionNumber);
    } catch (thrown) {
      await client.end().catch(() => {});
      throw thrown;
    }
    this.#keep(client);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#probe);
    const client = this.#watch;
    this.#watch = undefined;
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<Client> {
    return connect({
      endpoint: this.endpoint,
      login: this.administrator,
      database: this.maintenance,
      name: 'watch',
      client: { query_timeout: 10_000 },
    });
  }

  #keep(client: Client): void {
    this.#watch = client;
    client.once('end', () => {
      if (this.#watch !== client) return;
      this.#watch = undefined;
      clearInterval(this.#probe);
      if (!this.#stopping.signal.aborted) void this.#again();
    });
    // A network that swallows packets closes no connection: ask now and then.
    this.#probe = setInterval(() => {
      client.query('select').catch(() => client.end().catch(() => {}));
    }, probeMs).unref();
  }

  async #again(): Promise<void> {
    const began = Date.now();
    const reason = 'the connection to the PostgreSQL of DATABASE_URL ended';
    this.#log.error({ reason }, 'the database is gone');
    this.#tell({ kind: 'unavailable', reason });
    while (!this.#stopping.signal.aborted) {
      try {
        this.#keep(await this.#connect());
        const afterMs = Date.now() - began;
        this.#log.info({ afterMs }, 'the database is back');
        this.#tell({ kind: 'available', afterMs });
        return;
      } catch {
        await pause(retryMs, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
      }
    }
  }

  #tell(change: ServerChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
