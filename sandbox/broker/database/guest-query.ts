import type { Connection } from 'pg';
import { jsonValue } from '../../../runtime/database/json-value.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/** Rows of one statement. */
export interface GuestRows {
  /** Values as PostgreSQL's own JSON prints them; a number that JavaScript cannot hold exactly is text. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows returned, or changed when it returns none. */
  readonly count: number;
}

export interface GuestQueryOptions {
  /** Hostile; without a zero byte. */
  readonly text: string;
  readonly values: readonly (string | null)[];
  /** Asked before rows are read on. What it throws ends the statement. */
  readonly take: (rows: number) => void;
}

/** Messages of node-postgres' connection that its types leave out. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { readonly text: string }): void;
  bind(message: { readonly values: readonly unknown[] }): void;
  describe(message: { readonly type: 'P'; readonly name: string }): void;
  execute(message: { readonly portal: string; readonly rows: number }): void;
  flush(): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}

interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

const rowsPerTurn = 500;

/**
 * One statement of a guest in the extended protocol, which takes no second one behind a semicolon. Its rows come in
 * turns of 500, so that a limit stops the server and not only the reader. Given to `client.query`.
 */
export class GuestQuery {
  readonly done: Promise<GuestRows>;
  readonly #options: GuestQueryOptions;
  readonly #ended = Promise.withResolvers<GuestRows>();
  readonly #rows: Record<string, unknown>[] = [];
  #fields: readonly Field[] | undefined;
  #taken = 0;
  #count = 0;
  #failure: unknown;

  constructor(options: GuestQueryOptions) {
    this.#options = options;
    this.done = this.#ended.promise;
    this.done.catch(() => {}); // whoever runs it looks at it later
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as Wire;
    // One write for all: the server need not wake up for each message.
    wire.stream.cork();
    try {
      wire.parse({ text: this.#options.text });
      wire.bind({ values: this.#options.values });
      wire.describe({ type: 'P', name: '' });
      this.#turn(wire);
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#fields = fields;
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#failure !== undefined) return;
    const columns = this.#fields ?? [];
    try {
      // fromEntries defines each name as a property of its own, `__proto__` too.
      const row = columns.map(
        ({ name, dataTypeID }, index) => [name, jsonValue(dataTypeID, fields[index] ?? null)] as const,
      );
      this.#rows.push(Object.fromEntries(row));
    } catch (cause) {
      // Thrown on, it would end the thread: this runs inside the connection's own reading.
      this.#failure = new MagFlockError('MF664', 'A value of the answer is nested too deeply to be read.', {
        details: { limit: 'nesting' },
        cause,
      });
    }
  }

  handlePortalSuspended(wire: Wire): void {
    if (this.#taking()) this.#turn(wire);
    else wire.sync();
  }

  handleCommandComplete({ text }: { readonly text: string }, wire: Wire): void {
    this.#taking();
    this.#count = this.#fields === undefined ? Number(/\d+$/.exec(text)?.[0] ?? 0) : this.#rows.length;
    wire.sync();
  }

  handleEmptyQuery(wire: Wire): void {
    wire.sync();
  }

  handleError(error: unknown, wire: Wire): void {
    // Refused here; when the connection is gone nobody hears it.
    wire.sync();
    this.#ended.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#ended.resolve({ rows: this.#rows, count: this.#count });
    else this.#ended.reject(this.#failure);
  }

  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail('there is nothing to copy from');
  }

  handleCopyData(): void {
    // Counted by its bytes, like all that comes.
  }

  #turn(wire: Wire): void {
    wire.execute({ portal: '', rows: rowsPerTurn });
    wire.flush();
  }

  #taking(): boolean {
    if (this.#failure !== undefined) return false;
    try {
      this.#options.take(this.#rows.length - this.#taken);
      this.#taken = this.#rows.length;
      return true;
    } catch (thrown) {
      this.#failure = thrown;
      return false;
    }
  }
}
