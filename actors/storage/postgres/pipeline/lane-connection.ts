import type { Socket } from 'node:net';
import { Client } from 'pg';
import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { RequestRole } from '../../../../runtime/protocol/identity.protocol.ts';
import type { Plan, PlanStep } from '../../../../runtime/protocol/plan.protocol.ts';
import { type ConnectOptions, clientConfig, connect } from '../connect.ts';
import { mapError, type ServerErrorFields } from '../map-error.ts';
import { DrainingSocket } from './draining-socket.ts';
import { abandoned, type LaneTransaction } from './lane-transaction.ts';
import { longestAnswer } from './longest-answer.ts';
import { settingsStatement } from './settings-statement.ts';
import { type PreparedStatement, StatementCache } from './statement-cache.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

export interface LaneConnectionOptions extends ConnectOptions {
  readonly role: RequestRole;
  /** Named statements kept on it. */
  readonly statements: number;
  /** Milliseconds a statement may take. */
  readonly statementTimeoutMs: number;
  /** A transaction is over; `ms` is the time it had the server for itself. */
  finished(connection: LaneConnection, transaction: LaneTransaction, ms: number): void;
  /**
   * The connection is gone, with these transactions on it in order of sending.
   * @param delivered everything the server had sent before was read
   */
  lost(
    connection: LaneConnection,
    unfinished: readonly LaneTransaction[],
    delivered: boolean,
    reason: MagFlockError,
  ): void;
}

const onceStatement = 'select mg_sys.begin_once($1::bytea, $2::bytea)';
const outboxStatement = `select pg_catalog.pg_current_xact_id()::text, mg_sys.append_outbox($1::uuid, $2::text, $3::text)`;
const idle = 0x49;
const usualPath = 'public, pg_temp';
/** Room for the other columns of a row whose body is just as long as it may be. */
const besidesBody = 64 * 1024;

/**
 * One pipelined connection, kept for one role. node-postgres connects it (TLS, SCRAM); from then on the wire is
 * ours, because a transaction here is one group of messages with one Sync:
 *
 *     Bind Execute (reset) · Bind Execute (settings) · Bind Execute (plan) · [Bind Execute (outbox) · Flush] · Sync
 *
 * and with all that a plan may ask for
 *
 *     SET TRANSACTION · reset · settings and its own · before · once · plan · its steps · EXPLAIN · outbox, or ROLLBACK · Sync
 *
 * Without BEGIN the group is an implicit transaction: Sync commits it. After an error the server skips everything
 * up to Sync, so a settings statement that fails or is cancelled takes the plan with it, and nothing ever runs as
 * the login role. The Flush sends a write's transaction id before the commit begins, so that its outcome can be
 * asked for should the connection die in between. ROLLBACK and SET TRANSACTION do their work in an implicit transaction
 * as well (PostgreSQL adds a warning, which nobody reads), so that no group leaves a transaction open.
 */
export class LaneConnection {
  readonly #options: LaneConnectionOptions;
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #writer = new WireWriter();
  readonly #reader: WireReader;
  readonly #statements: StatementCache;
  readonly #timeout: string;
  /** Sent, in order; the first one is what the server works on. Taken from the front by moving `#first`. */
  #sent: LaneTransaction[] = [];
  #first = 0;
  #headSince = 0;
  #flushScheduled = false;
  #delivered = false;
  /** While the connection is being prepared: who waits for it. */
  #prepared: { resolve(): void; reject(error: unknown): void } | undefined;
  #closed = false;
  #tainted = false;
  #alone = false;
  #writes = 0;
  lastUsed = performance.now();

  /** Opens a connection and makes it a lane. @throws MF503, MF507, MF508 */
  static async open(options: LaneConnectionOptions): Promise<LaneConnection> {
    const connection = new LaneConnection(options, await connect(withOwnSocket(options)));
    try {
      await connection.#prepare();
      return connection;
    } catch (thrown) {
      connection.destroy();
      throw thrown;
    }
  }

  private constructor(options: LaneConnectionOptions, client: Client) {
    this.#options = options;
    this.#client = client;
    this.#statements = new StatementCache(options.statements);
    this.#timeout = String(options.statementTimeoutMs);
    this.#reader = new WireReader({
      columns: (names) => this.#columns(names),
      row: (buffer, offset, columns) => this.#head?.row(buffer, offset, columns),
      longestRow: () => longestAnswer(this.#head?.plan ?? {}) + besidesBody,
      tooLong: (bytes) => {
        const head = this.#head;
        if (head !== undefined) head.overlong = bytes;
      },
      completed: () => {
        const head = this.#head;
        if (head !== undefined) head.step += 1;
      },
      failed: (error) => this.#failed(error),
      ready: (status) => this.#ready(status),
      // The settings of a transaction end with it: what is reported at its end was set for the session.
      parameterChanged: () => {
        this.#tainted = true;
      },
    });
    this.#socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', (chunk: Buffer) => this.#reader.push(chunk));
    this.#socket.once('end', () => {
      this.#delivered = true;
    });
    let failure: NodeJS.ErrnoException | undefined;
    this.#socket.once('error', (error: NodeJS.ErrnoException) => {
      failure = error;
      // A socket of the same machine hands over what was sent before it reports the end.
      if (error.syscall === 'read') this.#delivered = true;
    });
    this.#socket.once('close', () => this.#lost(failure));
  }

  /** Prepares what every transaction uses, before the first one is sent. */
  async #prepare(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#prepared = { resolve, reject };
    this.#writer.parse('settings', settingsStatement(this.#options.role));
    this.#writer.parse('outbox', outboxStatement);
    this.#writer.parse('reset', 'reset all');
    this.#writer.sync();
    this.#flush();
    await promise;
    this.#prepared = undefined;
  }

  /** Transactions sent and not over. */
  get inFlight(): number {
    return this.#sent.length - this.#first;
  }

  /** Writes among them. Each waits for the disk, and what is behind it waits as well. */
  get writesInFlight(): number {
    return this.#writes;
  }

  /** Whether it takes no further transactions: it is gone, or a request changed a setting of its session. */
  get retired(): boolean {
    return this.#closed || this.#tainted;
  }

  /** Milliseconds the first transaction has had the server for itself. */
  busyFor(now: number): number {
    return this.inFlight === 0 ? 0 : now - this.#headSince;
  }

  /** The transactions behind the first one that may be run elsewhere instead: reads that nobody has answered. */
  takeWaitingReads(): LaneTransaction[] {
    const taken: LaneTransaction[] = [];
    for (let index = this.#first + 1; index < this.#sent.length; index++) {
      const waiting = this.#sent[index] as LaneTransaction;
      if (waiting.isWrite || waiting.settled) continue;
      // Its place in the pipeline stays, its answer will be dropped.
      this.#sent[index] = abandoned(waiting);
      waiting.reset();
      taken.push(waiting);
    }
    return taken;
  }

  get head(): LaneTransaction | undefined {
    return this.#head;
  }

  /** Whether what runs must have nothing behind it. */
  get alone(): boolean {
    return this.#alone;
  }

  /** Sends a transaction that may take long: nothing is to be sent behind it until it is over. */
  sendAlone(transaction: LaneTransaction): void {
    this.#alone = true;
    this.send(transaction);
  }

  /** Enqueues a whole transaction in one synchronous step. */
  send(transaction: LaneTransaction): void {
    const now = performance.now();
    const { plan } = transaction;
    const writer = this.#writer;
    let step = 0;
    if (plan.isolation !== undefined) {
      // Ahead of everything that takes a snapshot.
      writer.run(isolationStatements[plan.isolation]);
      step += 1;
    }
    const shape = this.#statements.keeps(plan.sql) ? plan.shape : undefined;
    const found = shape === undefined ? undefined : this.#statements.find(shape, plan.sql);
    // Not by a name that the server may refuse: all that are sent before it does would fail with it.
    const known = found?.columns === undefined || transaction.retries > 0 ? undefined : found;
    let statement = known;
    if (shape !== undefined && found === undefined && transaction.retries === 0)
      statement = this.#add(shape, plan.sql);
    // What code of the project set for the session would be seen by whoever comes next.
    writer.bind('reset', []);
    writer.execute();
    step += 1;
    this.#settings(transaction);
    step += 1;
    if (plan.before !== undefined) {
      writer.bind(this.#nameOf(transaction, `before ${plan.before}`, plan.before), []);
      writer.execute();
      step += 1;
    }
    if (transaction.once !== undefined) {
      const { key, request } = transaction.once;
      writer.bind(this.#nameOf(transaction, 'once', onceStatement), [key, request]);
      writer.execute();
      transaction.onceStep = step;
      step += 1;
    }
    if (known === undefined) {
      writer.parse(statement?.name ?? '', plan.sql);
      writer.describeStatement(statement?.name ?? '');
    }
    transaction.statement = statement;
    transaction.planStep = step;
    writer.bind(statement?.name ?? '', plan.parameters);
    writer.execute();
    for (const one of plan.steps ?? []) {
      step += 1;
      this.#step(transaction, one);
    }
    if (plan.explain !== undefined) {
      step += 1;
      transaction.explainStep = step;
      writer.parse('', `explain (format json) ${plan.explain.sql}`);
      writer.bind('', plan.explain.parameters);
      writer.execute();
    }
    const { outbox } = transaction;
    if (plan.end === 'rollback') {
      // What would be refused at the commit is refused all the same.
      writer.run('set constraints all immediate');
      writer.run('rollback');
    } else if (outbox !== undefined) {
      transaction.outboxStep = step + 1;
      writer.bind('outbox', [outbox.id, outbox.entry, outbox.mac]);
      writer.execute();
      writer.flush();
    }
    writer.sync();

    if (transaction.isWrite) this.#writes += 1;
    transaction.sentAt = now;
    this.lastUsed = now;
    if (this.inFlight === 0) {
      this.#headSince = now;
      this.#sent.push(transaction);
      this.#flush(); // the server is idle: at once
    } else {
      this.#sent.push(transaction);
      this.#scheduleFlush(); // it has work: with everything else of this turn
    }
  }

  /** Ends the statement that runs. Only for a connection that nobody shares. */
  async cancel(): Promise<void> {
    const canceller = new Client(clientConfig(this.#options)) as Client & {
      cancel(target: Client, query: null): void;
      connection: { once(event: 'end', listener: () => void): void };
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    canceller.on('error', () => resolve());
    canceller.connection.once('end', resolve);
    canceller.cancel(this.#client, null);
    await promise;
  }

  /** Takes no more transactions; whoever owns it closes it when the last one is over. */
  retire(): void {
    this.#tainted = true;
  }

  /** Says goodbye and waits for the socket to close. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.end().catch(() => {});
  }

  /** Drops the connection: the server does not answer. */
  destroy(): void {
    this.#socket.destroy();
  }

  get #head(): LaneTransaction | undefined {
    return this.#sent[this.#first];
  }

  #settings(transaction: LaneTransaction): void {
    const { claims, settings, isWrite } = transaction;
    const timeout = this.#timeoutOf(transaction);
    const values = [claims, timeout, isWrite ? 'off' : 'on', settings?.searchPath ?? usualPath];
    let name = 'settings';
    if (settings !== undefined && settings.names.length > 0) {
      const { role } = this.#options;
      const shape = `settings ${settings.names.join(', ')}`;
      name = this.#nameOf(transaction, shape, () => settingsStatement(role, settings.names));
      values.push(...settings.values);
    }
    this.#writer.bind(name, values);
    this.#writer.execute();
  }

  /** Its columns are known, so it need not be described. */
  #step(transaction: LaneTransaction, { shape, sql, parameters }: PlanStep): void {
    let name = '';
    if (shape === undefined) this.#writer.parse(name, sql);
    // Under a name of its own: as the statement of a plan it would have to be described.
    else name = this.#nameOf(transaction, `step ${shape}`, sql);
    this.#writer.bind(name, parameters);
    this.#writer.execute();
  }

  /** The shortest of what the lane, the plan and the deadline leave. */
  #timeoutOf({ deadline, settings, plan }: LaneTransaction): string {
    const most = this.#options.statementTimeoutMs;
    const left = Math.min(deadline - Date.now(), settings?.timeoutMs ?? most, plan.limits?.timeMs ?? most);
    return left >= most ? this.#timeout : String(Math.max(1, Math.floor(left)));
  }

  /** Name of a statement that stands for its shape alone; prepared now where it is not. */
  #nameOf(transaction: LaneTransaction, shape: string, text: string | (() => string)): string {
    const known = this.#statements.find(shape, shape);
    if (known !== undefined) return known.name;
    const statement = this.#add(shape, shape);
    this.#writer.parse(statement.name, typeof text === 'string' ? text : text());
    transaction.preparing = [...transaction.preparing, statement];
    return statement.name;
  }

  #add(shape: string, text: string): PreparedStatement {
    return this.#statements.add(shape, text, (name) => this.#writer.closeStatement(name));
  }

  #columns(names: readonly string[]): void {
    const head = this.#head;
    if (head === undefined) return;
    const columns = {
      body: names.indexOf('body'),
      rows: names.indexOf('rows'),
      location: names.indexOf('header_location'),
      names,
    };
    if (head.statement === undefined) head.columns = columns;
    else head.statement.columns = columns;
  }

  #failed(error: ServerErrorFields): void {
    const head = this.#head;
    if (head !== undefined) head.failure ??= error;
    else this.#prepared?.reject(mapError(error));
  }

  #ready(status: number): void {
    const transaction = this.#head;
    if (transaction === undefined) {
      this.#prepared?.resolve();
      return;
    }
    const now = performance.now();
    const ms = now - this.#headSince;
    this.#first += 1;
    this.#headSince = now;
    this.#alone = false;
    if (transaction.isWrite) this.#writes -= 1;
    if (this.#first === this.#sent.length) {
      this.#sent = [];
      this.#first = 0;
    } else if (this.#first > 1024) {
      this.#sent = this.#sent.slice(this.#first);
      this.#first = 0;
    }
    const { statement } = transaction;
    if (transaction.failure !== undefined && statement !== undefined) {
      // Whoever was to prepare it failed, before Parse or in it; or code of the project deallocated it.
      if (statement.columns === undefined || transaction.failure.code === '26000')
        this.#statements.forget(statement);
    }
    if (transaction.failure !== undefined) {
      // Whether it got as far as that is not known: closing what is not there is no error.
      for (const unsure of transaction.preparing) {
        this.#statements.forget(unsure);
        this.#writer.closeStatement(unsure.name);
      }
    }
    if (status !== idle) {
      // Only a statement that opened a transaction block of its own leaves one open. It must not be shared on.
      transaction.failure ??= { code: '25000', message: 'the statement left a transaction open' };
      this.#socket.destroy();
    }
    this.#options.finished(this, transaction, ms);
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushScheduled = false;
    if (this.#writer.length > 0 && this.#socket.writable) this.#socket.write(this.#writer.take());
  }

  #lost(failure: NodeJS.ErrnoException | undefined): void {
    this.#closed = true;
    const unfinished = this.#sent.slice(this.#first);
    this.#sent = [];
    this.#first = 0;
    const local = this.#options.endpoint.host.startsWith('/');
    const reason =
      failure === undefined
        ? new MagFlockError('MF503', 'The database closed the connection.')
        : mapError(failure);
    if (this.#prepared !== undefined) {
      this.#prepared.reject(reason);
      return;
    }
    this.#options.lost(
      this,
      unfinished,
      local && (this.#delivered || (this.#socket instanceof DrainingSocket && this.#socket.drained)),
      MagFlockError.is(reason) ? reason : MagFlockError.from(reason),
    );
  }
}

const isolationStatements = {
  'repeatable read': 'set transaction isolation level repeatable read',
  serializable: 'set transaction isolation level serializable',
} as const satisfies Record<NonNullable<Plan['isolation']>, string>;

/** On a socket of the same machine everything the server had sent is read, whatever happened to it. */
function withOwnSocket(options: LaneConnectionOptions): ConnectOptions {
  if (!options.endpoint.host.startsWith('/')) return options;
  return { ...options, client: { ...options.client, stream: () => new DrainingSocket() } };
}
