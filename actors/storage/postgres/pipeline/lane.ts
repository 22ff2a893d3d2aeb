import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { RequestRole } from '../../../../runtime/protocol/identity.protocol.ts';
import { mapError } from '../map-error.ts';
import type { LaneConnection } from './lane-connection.ts';
import type { LaneTransaction } from './lane-transaction.ts';
import { SlowShapes } from './slow-shapes.ts';

/** What a lane needs of the whole: connections are rationed over all lanes of a thread. */
export interface LaneHost {
  readonly limits: LaneLimits;
  /** Whether a connection may be opened now; counts it when so. */
  mayOpen(lane: Lane): boolean;
  open(
    lane: Lane,
    events: Pick<Parameters<typeof LaneConnection.open>[0], 'finished' | 'lost'>,
  ): Promise<LaneConnection>;
  /** A connection is gone, or was not opened after all. */
  closed(): void;
  /** A connection has nothing to do. True when it was given to another lane. */
  offer(lane: Lane, connection: LaneConnection): boolean;
  /** A write's connection died; finds out how it ended. */
  resolve(lane: Lane, transaction: LaneTransaction): void;
  /** The server could not be reached. */
  unreachable(error: MagFlockError): void;
}

export interface LaneLimits {
  /** Pipelined connections kept. */
  readonly connections: number;
  /** Further ones opened while the others are held up. */
  readonly spare: number;
  /** Exclusive connections for slow statements. */
  readonly exclusive: number;
  /** Transactions on one pipelined connection. */
  readonly depth: number;
  /** Transactions that wait for a connection, in each of the two queues. */
  readonly waiting: number;
  readonly statementTimeoutMs: number;
}

/** A head that runs this long gets no further transactions behind it. */
const heldUpMs = 20;
/** After this long the reads behind it move to another connection. */
const moveMs = 50;
/** The server did not even enforce its own timeout. */
const hangsMs = 3000;

/** All connections of one project and role: pipelined ones for short statements, exclusive ones for long ones. */
export class Lane {
  readonly project: string;
  readonly role: RequestRole;
  readonly #host: LaneHost;
  readonly #slowShapes = new SlowShapes();
  readonly #fast: LaneConnection[] = [];
  readonly #exclusive: LaneConnection[] = [];
  readonly #waiting: LaneTransaction[] = [];
  readonly #waitingSlow: LaneTransaction[] = [];
  #opening = 0;
  #openingExclusive = 0;
  #closed = false;

  constructor(host: LaneHost, project: string, role: RequestRole) {
    this.#host = host;
    this.project = project;
    this.role = role;
  }

  get connections(): readonly LaneConnection[] {
    return [...this.#fast, ...this.#exclusive];
  }

  get waiting(): number {
    return this.#waiting.length + this.#waitingSlow.length;
  }

  get inFlight(): number {
    let total = 0;
    for (const connection of this.#fast) total += connection.inFlight;
    for (const connection of this.#exclusive) total += connection.inFlight;
    return total;
  }

  /** Runs a transaction on the lane it fits. */
  run(transaction: LaneTransaction): void {
    if (this.#isSlow(transaction)) {
      this.#enqueue(this.#waitingSlow, transaction);
      this.#drainSlow();
      return;
    }
    const connection = this.#waiting.length === 0 ? this.#pick(performance.now()) : undefined;
    if (connection !== undefined) {
      connection.send(transaction);
      return;
    }
    this.#enqueue(this.#waiting, transaction);
    this.#grow();
  }

  /** Looks after what hangs: called every few milliseconds while anything is in flight or waits. */
  tick(now: number): void {
    for (const connection of this.#fast) this.#tickFast(connection, now);
    for (const connection of this.#exclusive) this.#tickExclusive(connection, now);
    expire(this.#waiting);
    expire(this.#waitingSlow);
    this.#drain();
    this.#drainSlow();
  }

  /** Gives back what was not used since `before` (of `performance.now()`). */
  async closeIdle(before: number): Promise<void> {
    const idle = this.connections.filter(({ inFlight, lastUsed }) => inFlight === 0 && lastUsed < before);
    await Promise.all(idle.map((connection) => this.release(connection)));
  }

  /** Closes a connection that has nothing to do. */
  async release(connection: LaneConnection): Promise<void> {
    if (!this.#remove(connection)) return;
    this.#host.closed();
    await connection.close();
  }

  /** Ends everything: the project is removed, or the thread stops. */
  async close(error: MagFlockError): Promise<void> {
    this.#closed = true;
    for (const transaction of [...this.#waiting.splice(0), ...this.#waitingSlow.splice(0)])
      transaction.fail(error);
    await Promise.all(
      this.connections.map(async (connection) => {
        if (connection.inFlight > 0) connection.destroy();
        else await this.release(connection);
      }),
    );
  }

  /** Refuses what waits: there is no server to wait for. */
  refuseWaiting(error: MagFlockError): void {
    for (const transaction of [...this.#waiting.splice(0), ...this.#waitingSlow.splice(0)])
      transaction.fail(error);
  }

  /** A connection became possible. */
  wake(): void {
    this.#drain();
    this.#drainSlow();
  }

  #isSlow({ plan }: LaneTransaction): boolean {
    if (this.#slowShapes.isSlow(plan.shape)) return true;
    // A bulk insert: nobody knows how long it takes, and its text alone holds up the wire.
    return plan.shape === undefined && plan.parameters.length > 500;
  }

  #pick(now: number): LaneConnection | undefined {
    const { depth } = this.#host.limits;
    let best: LaneConnection | undefined;
    let fewest = depth;
    for (const connection of this.#fast) {
      const { inFlight } = connection;
      if (inFlight >= fewest || connection.retired || connection.busyFor(now) > heldUpMs) continue;
      best = connection;
      fewest = inFlight;
    }
    return best;
  }

  #enqueue(queue: LaneTransaction[], transaction: LaneTransaction): void {
    if (this.#closed) {
      transaction.fail(new MagFlockError('MF503', `Project "${this.project}" is being closed.`));
    } else if (queue.length >= this.#host.limits.waiting) {
      transaction.fail(
        new MagFlockError(
          'MF507',
          `${queue.length} statements wait for a connection to the database already.`,
          {
            details: { waiting: queue.length, project: this.project },
          },
        ),
      );
    } else {
      queue.push(transaction);
    }
  }

  #drain(): void {
    if (this.#waiting.length === 0) return;
    const now = performance.now();
    let sent = 0;
    for (; sent < this.#waiting.length; sent++) {
      const connection = this.#pick(now);
      if (connection === undefined) break;
      connection.send(this.#waiting[sent] as LaneTransaction);
    }
    this.#waiting.splice(0, sent);
    if (this.#waiting.length > 0) this.#grow();
  }

  #drainSlow(): void {
    for (const connection of this.#exclusive) {
      if (this.#waitingSlow.length === 0) return;
      if (connection.inFlight === 0 && !connection.retired)
        connection.send(this.#waitingSlow.shift() as LaneTransaction);
    }
    if (this.#waitingSlow.length > 0) this.#growExclusive();
  }

  #grow(): void {
    const { connections, spare } = this.#host.limits;
    if (this.#opening > 0 || this.#fast.length >= connections + spare || this.#closed) return;
    if (!this.#host.mayOpen(this)) return;
    this.#opening += 1;
    void this.#open(this.#fast).finally(() => {
      this.#opening -= 1;
      this.#drain();
    });
  }

  #growExclusive(): void {
    const busy = this.#exclusive.length + this.#openingExclusive;
    if (busy >= this.#host.limits.exclusive || this.#closed || !this.#host.mayOpen(this)) return;
    this.#openingExclusive += 1;
    void this.#open(this.#exclusive).finally(() => {
      this.#openingExclusive -= 1;
      this.#drainSlow();
    });
  }

  async #open(into: LaneConnection[]): Promise<void> {
    try {
      const connection = await this.#host.open(this, {
        finished: (from, transaction, ms) => this.#finished(from, transaction, ms),
        lost: (from, unfinished, delivered, reason) => this.#lost(from, unfinished, delivered, reason),
      });
      if (this.#closed) {
        this.#host.closed();
        await connection.close();
      } else {
        into.push(connection);
      }
    } catch (thrown) {
      this.#host.closed();
      const error = MagFlockError.from(mapError(thrown));
      this.refuseWaiting(error);
      if (error.code === 'MF503') this.#host.unreachable(error);
    }
  }

  #finished(connection: LaneConnection, transaction: LaneTransaction, ms: number): void {
    const { failure, plan } = transaction;
    if (!transaction.settled) {
      this.#slowShapes.note(plan.shape, ms);
      if (failure === undefined) {
        if (transaction.answered) transaction.succeed(performance.now() - transaction.sentAt);
        else transaction.fail(new MagFlockError('MF500', 'The plan answered no row with a column "body".'));
      } else if (failure.code === '26000' && transaction.retries === 0) {
        // The statement was not prepared after all, because the transaction before that should have was refused.
        transaction.reset();
        transaction.retries += 1;
        this.run(transaction);
      } else {
        transaction.fail(mapError(failure));
      }
    }
    if (connection.inFlight > 0) return;
    if (connection.retired) void this.release(connection);
    else if (this.waiting === 0 && this.#host.offer(this, connection)) return;
    this.#drain();
    this.#drainSlow();
  }

  #lost(
    connection: LaneConnection,
    unfinished: readonly LaneTransaction[],
    delivered: boolean,
    reason: MagFlockError,
  ): void {
    if (this.#remove(connection)) this.#host.closed();
    for (const transaction of unfinished) {
      if (transaction.settled) continue;
      if (transaction.failure !== undefined) transaction.fail(mapError(transaction.failure));
      else if (!transaction.isWrite) transaction.fail(reason);
      // The id is sent before the commit begins: without it, and with everything read, there was no commit.
      else if (delivered && transaction.transactionId === undefined) transaction.fail(notWritten());
      else this.#host.resolve(this, transaction);
    }
    this.#drain();
    this.#drainSlow();
  }

  #tickFast(connection: LaneConnection, now: number): void {
    const busy = connection.busyFor(now);
    if (busy < moveMs) return;
    const { head } = connection;
    if (head !== undefined && !head.settled) this.#slowShapes.note(head.plan.shape, busy);
    if (busy > this.#host.limits.statementTimeoutMs + hangsMs) {
      connection.destroy();
      return;
    }
    for (const transaction of connection.takeWaitingReads()) this.run(transaction);
  }

  #tickExclusive(connection: LaneConnection, now: number): void {
    if (connection.busyFor(now) > this.#host.limits.statementTimeoutMs + hangsMs) {
      connection.destroy();
    } else if (connection.head !== undefined && connection.head.deadline + heldUpMs < Date.now()) {
      if (connection.retired) return;
      // Not used again: a cancel that comes late would hit the next statement.
      connection.retire();
      void connection.cancel();
    }
  }

  #remove(connection: LaneConnection): boolean {
    for (const list of [this.#fast, this.#exclusive]) {
      const index = list.indexOf(connection);
      if (index >= 0) {
        list.splice(index, 1);
        return true;
      }
    }
    return false;
  }
}

function notWritten(): MagFlockError {
  return new MagFlockError(
    'MF503',
    'The database went away before the write was committed: nothing was written.',
  );
}

function expire(queue: LaneTransaction[]): void {
  if (queue.length === 0) return;
  const now = Date.now();
  for (let index = queue.length - 1; index >= 0; index--) {
    const transaction = queue[index] as LaneTransaction;
    if (transaction.deadline > now) continue;
    queue.splice(index, 1);
    transaction.fail(
      new MagFlockError('MF504', 'No connection to the database became free before the deadline.'),
    );
  }
}
