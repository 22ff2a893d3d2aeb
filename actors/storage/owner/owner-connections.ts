import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { projectDatabase } from '../database-names.ts';
import type { Logins } from '../login.ts';
import { type ConnectOptions, catalogOnly, connect } from '../postgres/connect.ts';
import { scramVerifier } from '../scram-verifier.ts';
import type { DatabaseServer } from '../server.ts';

/**
 * Connections as a project's owner, one for each use: a session of `magflock sql` may set what it likes and leaves
 * nothing behind.
 */
export class OwnerConnections {
  readonly #server: DatabaseServer;
  readonly #logins: Logins;
  readonly #open = new Set<Client>();

  constructor(server: DatabaseServer, logins: Logins) {
    this.#server = server;
    this.#logins = logins;
  }

  /**
   * Runs `work` with a connection of its own and closes it. When `signal` aborts, the running statement is
   * cancelled on the server.
   * @throws MF503, MF606 when cancelled
   */
  async use<T>(
    ref: string,
    name: string,
    work: (client: Client) => Promise<T>,
    options: { readonly signal?: AbortSignal; readonly client?: ConnectOptions['client'] } = {},
  ): Promise<T> {
    const client = await this.#connect(ref, name, options.client);
    this.#open.add(client);
    const cancel = (): void => void this.#cancel(client).catch(() => {});
    options.signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await work(client);
    } catch (thrown) {
      if (options.signal?.aborted) throw new MagFlockError('MF606', 'Cancelled.', { cause: thrown });
      throw thrown;
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      this.#open.delete(client);
      await client.end().catch(() => {});
    }
  }

  /** Cancels what runs, so that a stop does not wait for it. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open].map((client) => this.#cancel(client).catch(() => {})));
  }

  async #connect(ref: string, name: string, client: ConnectOptions['client'] = {}): Promise<Client> {
    const options: ConnectOptions = {
      endpoint: this.#server.endpoint,
      login: this.#logins.owner(ref),
      database: projectDatabase(ref),
      name,
      client,
    };
    try {
      return await connect(options);
    } catch (thrown) {
      // The owner may change its own password; the one derived from the master key counts.
      if (!MagFlockError.is(thrown) || thrown.details?.['sqlstate'] !== '28P01') throw thrown;
      const { user, password } = options.login;
      await this.#asAdministrator(ref, async (admin) => {
        await admin.query(
          `alter role ${escapeIdentifier(user)} password ${escapeLiteral(scramVerifier(password))}`,
        );
      });
      return connect(options);
    }
  }

  async #cancel(client: Client): Promise<void> {
    const { processID } = client as Client & { processID: number | null };
    const { database } = client;
    if (processID === null || database === undefined) return;
    const admin = await connect({
      endpoint: this.#server.endpoint,
      login: this.#server.administrator,
      database,
      name: 'cancel',
      client: catalogOnly,
    });
    try {
      await admin.query(`select pg_catalog.pg_cancel_backend($1)`, [processID]);
    } finally {
      await admin.end();
    }
  }

  async #asAdministrator(ref: string, work: (admin: Client) => Promise<void>): Promise<void> {
    const admin = await connect({
      endpoint: this.#server.endpoint,
      login: this.#server.administrator,
      database: projectDatabase(ref),
      name: 'logins',
      client: catalogOnly,
    });
    try {
      await work(admin);
    } finally {
      await admin.end();
    }
  }
}
