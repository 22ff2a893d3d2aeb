import { type ClientConfig, Pool } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { guestDatabaseError } from './guest-database-error.ts';
import { GuestSession } from './guest-session.ts';
import type { BudgetedPool, PoolBudget } from './pool-budget.ts';

/** The login of one extension in one project. */
export interface ExtensionLogin {
  /** For the broker only. */
  readonly url: string;
  /** Its own schema; null without one. */
  readonly schema: string | null;
}

export interface ExtensionDatabasesOptions {
  /** Makes or finds the login; asked at first use, and again after `changed`. */
  login(extension: string, project: string): Promise<ExtensionLogin>;
  /** Connections of one extension in one project; default 2. Its login has four: two are for ending the others. */
  readonly connections?: number;
  /** Milliseconds; default 10,000. */
  readonly idleMs?: number;
  /** Shared with all other extensions; default none. */
  readonly budget?: PoolBudget;
}

interface Entry {
  readonly extension: string;
  readonly project: string;
  readonly opened: Promise<{
    readonly pool: Pool;
    readonly login: ExtensionLogin;
    readonly config: ClientConfig;
    readonly place: BudgetedPool | undefined;
  }>;
}

const connectMs = 5000;

/** Connections of extensions to the databases of projects: a small pool each, made at first use. */
export class ExtensionDatabases {
  readonly #options: ExtensionDatabasesOptions;
  readonly #entries = new Map<string, Entry>();
  /** Sessions that are being cleaned or ended. */
  readonly #leaving = new Set<Promise<void>>();

  constructor(options: ExtensionDatabasesOptions) {
    this.#options = options;
  }

  /**
   * Runs work on a connection of the extension. The work has the connection alone; whatever it left in the session is
   * gone before the next one gets it.
   * @param signal ends the session at once, and what the server does in it
   * @throws MF503, MF602, MF662, MF664, MF674
   */
  async use<T>(
    extension: string,
    project: string,
    signal: AbortSignal,
    work: (session: GuestSession, schema: string | null) => Promise<T>,
  ): Promise<T> {
    const { session, schema, place } = await this.#session(extension, project, signal);
    const aborted = (): void => session.end(reasonOf(signal));
    signal.addEventListener('abort', aborted, { once: true });
    try {
      if (signal.aborted) throw reasonOf(signal);
      const answer = await work(session, schema);
      if (session.failure !== undefined) throw session.failure;
      return answer;
    } catch (thrown) {
      throw session.failure ?? guestDatabaseError(thrown);
    } finally {
      signal.removeEventListener('abort', aborted);
      this.#leave(session.release());
      place?.end();
    }
  }

  /** The extension's own schema in a project. */
  async schema(extension: string, project: string): Promise<string | null> {
    return (await this.#open(extension, project)).login.schema;
  }

  /** The login has other rights, another address or is gone: what is under way goes on, the next call asks anew. */
  changed(extension: string, project?: string): void {
    for (const [key, entry] of this.#entries) {
      if (entry.extension !== extension || (project !== undefined && entry.project !== project)) continue;
      this.#entries.delete(key);
      this.#leave(close(entry));
    }
  }

  /** Closes the connections of one extension, or of all, and waits until they are. */
  async close(extension?: string): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (extension !== undefined && entry.extension !== extension) continue;
      this.#entries.delete(key);
      this.#leave(close(entry));
    }
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
  }

  async #session(
    extension: string,
    project: string,
    signal: AbortSignal,
  ): Promise<{
    readonly session: GuestSession;
    readonly schema: string | null;
    readonly place: BudgetedPool | undefined;
  }> {
    for (let attempt = 1; ; attempt += 1) {
      const { pool, login, config, place } = await this.#open(extension, project);
      if (signal.aborted) throw reasonOf(signal);
      // It had to make room for another extension meanwhile: that is no failure, and opens a new one.
      if (place?.begin() === false) {
        attempt -= 1;
        continue;
      }
      try {
        const client = await pool.connect();
        return { session: new GuestSession(client, config), schema: login.schema, place };
      } catch (thrown) {
        place?.end();
        // The server may have moved, or the login was taken out and made again: ask once more where it is.
        this.changed(extension, project);
        if (attempt === 2) throw guestDatabaseError(thrown);
      }
    }
  }

  async #open(extension: string, project: string): Promise<Awaited<Entry['opened']>> {
    const key = `${extension} ${project}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const opened = this.#opened(extension, project);
      entry = { extension, project, opened };
      this.#entries.set(key, entry);
      const made = entry;
      opened.catch(() => {
        if (this.#entries.get(key) === made) this.#entries.delete(key);
      });
    }
    return entry.opened;
  }

  async #opened(extension: string, project: string): Promise<Awaited<Entry['opened']>> {
    const { budget, login: find } = this.#options;
    const evict = (): void => this.changed(extension, project);
    const place = await budget?.take(evict, AbortSignal.timeout(connectMs));
    try {
      const login = await find(extension, project);
      const config: ClientConfig = {
        connectionString: login.url,
        application_name: `magflock extension ${extension}`.slice(0, 63),
        options: '-c search_path=pg_catalog,pg_temp',
        keepAlive: true,
      };
      return { pool: this.#pool(config), login, config, place };
    } catch (error) {
      place?.release();
      throw error;
    }
  }

  #pool(config: ClientConfig): Pool {
    const { connections = 2, idleMs = 10_000 } = this.#options;
    const pool = new Pool({
      ...config,
      max: connections,
      idleTimeoutMillis: idleMs,
      connectionTimeoutMillis: connectMs,
      allowExitOnIdle: true,
    });
    pool.on('error', () => {});
    // While a client is in use the pool does not listen; its statement gets the error, and nobody else must.
    pool.on('connect', (client) => client.on('error', () => {}));
    return pool;
  }

  #leave(work: Promise<void>): void {
    const kept = work.catch(() => {}).finally(() => this.#leaving.delete(kept));
    this.#leaving.add(kept);
  }
}

async function close({ opened }: Entry): Promise<void> {
  const { pool, place } = await opened;
  try {
    await pool.end();
  } finally {
    place?.release();
  }
}

function reasonOf(signal: AbortSignal): MagFlockError {
  const { reason } = signal;
  return MagFlockError.is(reason) ? reason : new MagFlockError('MF606', 'The call was ended.');
}
