import type { Client } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ExtensionLoginRequest, StorageProtocol } from '../../../runtime/protocol/storage.protocol.ts';
import { projectDatabase } from '../database-names.ts';
import type { Logins } from '../login.ts';
import { catalogOnly, connect } from '../postgres/connect.ts';
import { mapError } from '../postgres/map-error.ts';
import type { DatabaseServer } from '../server.ts';
import { dropExtensionLogin } from './drop-extension-login.ts';
import { ensureExtensionLogin } from './ensure-extension-login.ts';
import { loginUrl } from './login-url.ts';

/** Database logins of extensions. One change at a time: two at once would each undo what the other has seen. */
export class ExtensionLogins {
  readonly #server: DatabaseServer;
  readonly #logins: Logins;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(server: DatabaseServer, logins: Logins) {
    this.#server = server;
    this.#logins = logins;
  }

  /** @throws MF5xx; then the rights are those of before */
  ensure(request: ExtensionLoginRequest): Promise<{ readonly url: string; readonly schema: string | null }> {
    const { project, extension, schema } = request;
    const login = this.#logins.extension(project, extension);
    return this.#inTurn(project, async (client) => {
      const selective = this.#server.facts.versionNumber >= 160000;
      const owner = this.#logins.owner(project).user;
      await ensureExtensionLogin(client, request, login, owner, selective);
      return { url: loginUrl(this.#server.endpoint, login, projectDatabase(project)), schema };
    });
  }

  drop(
    request: Parameters<StorageProtocol['dropExtensionLogin']>[0],
  ): Promise<{ readonly dropped: boolean }> {
    const { project, extension, keepSchema } = request;
    const { user } = this.#logins.extension(project, extension);
    return this.#inTurn(project, async (client) => ({
      dropped: await dropExtensionLogin(client, project, user, keepSchema === true),
    }));
  }

  #inTurn<T>(project: string, work: (client: Client) => Promise<T>): Promise<T> {
    const change = async (): Promise<T> => {
      const client = await connect({
        endpoint: this.#server.endpoint,
        login: this.#server.administrator,
        database: projectDatabase(project),
        name: 'extension logins',
        // Whoever locked a table of the project must not hold up a change of rights for ever.
        client: { ...catalogOnly, statement_timeout: 20_000, lock_timeout: 5000 },
      });
      try {
        return await work(client);
      } catch (thrown) {
        const mapped = mapError(thrown);
        if (MagFlockError.is(mapped)) throw mapped;
        throw new MagFlockError('MF500', mapped.message, { details: { ...mapped.facts } });
      } finally {
        await client.end().catch(() => {});
      }
    };
    const turn = this.#changes.then(change, change);
    this.#changes = turn.catch(() => {});
    return turn;
  }
}
