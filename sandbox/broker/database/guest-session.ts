import type { ClientConfig, PoolClient } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { endServerSession } from './end-server-session.ts';

/** Bytes that the answer to one statement may have. */
const mostBytes = 4 * 1024 * 1024;
/** What the protocol adds to them. */
const margin = 256 * 1024;

/** One use of a pooled connection: bounded in bytes, and ended for good when anything odd happens. */
export class GuestSession {
  readonly client: PoolClient;
  readonly #config: ClientConfig;
  readonly #counted: (chunk: Buffer) => void;
  #received = 0;
  #failure: MagFlockError | undefined;
  #ending: Promise<void> | undefined;

  constructor(client: PoolClient, config: ClientConfig) {
    this.client = client;
    this.#config = config;
    this.#counted = (chunk) => {
      this.#received += chunk.length;
      // Counted as they arrive: node-postgres would first gather the whole of a row, however long.
      if (this.#received <= mostBytes + margin || this.#failure !== undefined) return;
      this.end(
        new MagFlockError('MF664', 'The answer of the database is larger than 4 MiB.', {
          details: { limit: 'answerBytes', max: mostBytes },
        }),
      );
    };
    this.#stream.on('data', this.#counted);
  }

  /** Why it was ended; undefined while it is in order. */
  get failure(): MagFlockError | undefined {
    return this.#failure;
  }

  /**
   * Ends the connection and what the server is doing on it. Its own login may end its own sessions; a cancel request
   * would not do, since a function of the guest can catch that.
   */
  end(failure: MagFlockError): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#stream.destroy();
    const { processID } = this.client as unknown as { readonly processID: number };
    this.#ending = endServerSession(this.#config, processID);
  }

  /** Gives the connection back clean, or not at all. Resolves when neither it nor its work is there any more. */
  async release(): Promise<void> {
    this.#stream.off('data', this.#counted);
    if (this.#failure === undefined) {
      try {
        await this.client.query('discard all');
        if (this.#failure === undefined) return this.client.release();
      } catch {
        // Whatever it is, nobody uses it again.
      }
    }
    this.client.release(true);
    await this.#ending;
  }

  get #stream(): NodeJS.ReadWriteStream & { destroy(): void } {
    return (
      this.client as unknown as { connection: { stream: NodeJS.ReadWriteStream & { destroy(): void } } }
    ).connection.stream;
  }
}
