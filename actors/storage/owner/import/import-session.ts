import { type Client, Query, type QueryResult } from 'pg';
import type { ServerErrorFields } from '../../postgres/map-error.ts';

/** A statement that failed, and where it stands in the file. */
export interface FailedStatement {
  readonly line: number;
  readonly text: string;
  readonly error: Error & ServerErrorFields;
}

interface CopyConnection {
  readonly stream: NodeJS.WritableStream & {
    readonly writableNeedDrain: boolean;
    readonly destroyed: boolean;
  };
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Statements sent and not answered yet. */
const window = 100;

/** COPY … FROM stdin: asks to send, then waits for whoever feeds it. */
class CopyQuery extends Query {
  readonly started = Promise.withResolvers<CopyConnection>();

  handleCopyInResponse(connection: CopyConnection): void {
    this.started.resolve(connection);
  }
}

/**
 * Sends statements one behind the other without waiting for each answer, and remembers the first that failed:
 * what comes after it in a transaction fails for that reason alone.
 */
export class ImportSession {
  readonly #client: Client;
  #outstanding = 0;
  #room = Promise.withResolvers<void>();
  #failed: FailedStatement | undefined;
  #copy: { query: CopyQuery; done: Promise<void>; connection: CopyConnection } | undefined;
  rows = 0;
  statements = 0;

  /** @param client connected with `pipeline: true` */
  constructor(client: Client) {
    this.#client = client;
  }

  get failed(): FailedStatement | undefined {
    return this.#failed;
  }

  /** Sends a statement; waits only when too many are unanswered. */
  async send(text: string, line: number): Promise<void> {
    this.#outstanding += 1;
    this.#client.query(
      { text, rowMode: 'array' },
      (error: Error | null, result?: QueryResult | QueryResult[]) => {
        this.#outstanding -= 1;
        this.#note(error, result, text, line);
        const { resolve } = this.#room;
        this.#room = Promise.withResolvers();
        resolve();
      },
    );
    while (this.#outstanding >= window && this.#failed === undefined) await this.#room.promise;
  }

  /** Waits for all answers. */
  async settle(): Promise<void> {
    while (this.#outstanding > 0) await this.#room.promise;
  }

  /** Runs a statement whose failure with one of these SQLSTATEs does not matter. @returns what was passed over */
  async tolerate(text: string, line: number, sqlstates: readonly string[]): Promise<string | undefined> {
    await this.settle();
    if (this.#failed !== undefined) return undefined;
    await this.#client.query('savepoint magflock_import');
    try {
      await this.#client.query(text);
      await this.#client.query('release savepoint magflock_import');
      this.statements += 1;
      return undefined;
    } catch (thrown) {
      const error = thrown as FailedStatement['error'];
      if (error.code === undefined || !sqlstates.includes(error.code)) {
        this.#failed ??= { line, text, error };
        return undefined;
      }
      await this.#client.query('rollback to savepoint magflock_import');
      return error.message;
    }
  }

  /** Begins COPY … FROM stdin. */
  async beginCopy(text: string, line: number): Promise<void> {
    await this.settle();
    if (this.#failed !== undefined) return;
    const query = new CopyQuery({ text });
    const done = Promise.withResolvers<void>();
    (query as unknown as { callback: unknown }).callback = (
      error: Error | null,
      result?: QueryResult,
    ): void => {
      this.#note(error, result, text, line);
      if (error !== null) query.started.reject(error);
      done.resolve();
    };
    query.started.promise.catch(() => {});
    this.#client.query(query as never);
    try {
      this.#copy = { query, done: done.promise, connection: await query.started.promise };
    } catch {
      // Noted as the failed statement.
    }
  }

  /** Sends lines of COPY data as fast as the server takes them. */
  async copyData(bytes: Buffer): Promise<void> {
    if (this.#copy === undefined || this.#failed !== undefined) return;
    const { connection } = this.#copy;
    connection.sendCopyFromChunk(bytes);
    while (
      connection.stream.writableNeedDrain &&
      !connection.stream.destroyed &&
      this.#failed === undefined
    ) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          connection.stream.removeListener('drain', go);
          connection.stream.removeListener('close', go);
          resolve();
        };
        connection.stream.on('drain', go);
        connection.stream.on('close', go);
      });
    }
  }

  async endCopy(): Promise<void> {
    const copy = this.#copy;
    if (copy === undefined) return;
    this.#copy = undefined;
    copy.connection.endCopyFrom();
    await copy.done;
  }

  /** Gives up a COPY that has not ended, so that the connection can be closed in order. */
  async abortCopy(): Promise<void> {
    const copy = this.#copy;
    if (copy === undefined) return;
    this.#copy = undefined;
    if (this.#failed === undefined) copy.connection.sendCopyFail('the import ended');
    await copy.done;
  }

  #note(
    error: Error | null,
    result: QueryResult | QueryResult[] | undefined,
    text: string,
    line: number,
  ): void {
    if (error !== null) {
      this.#failed ??= { line, text, error: error as FailedStatement['error'] };
      return;
    }
    this.statements += 1;
    for (const one of Array.isArray(result) ? result : [result]) {
      if (one !== undefined && /^(?:INSERT|UPDATE|DELETE|COPY|MERGE)$/.test(one.command ?? ''))
        this.rows += one.rowCount ?? 0;
    }
  }
}
