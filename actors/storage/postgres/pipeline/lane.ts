import { DatabaseFailure } from '../../../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { RequestRole } from '../../../../runtime/protocol/identity.protocol.ts';
import { mapError } from '../map-error.ts';
import { CostEstimates } from './cost-estimates.ts';
import { failureOf } from './failure-of.ts';
import type { LaneConnection } from './lane-connection.ts';
import type { LaneTransaction } from './lane-transaction.ts';
import { longestAnswer } from './longest-answer.ts';
import { onceRefusal } from './once/once-refusal.ts';
import { overLimit } from './over-limit.ts';
import { ShapeSpeeds } from './shape-speeds.ts';

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
  /** A transaction was refused because too many wait. */
  saturated(): void;
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
/** A read rather waits behind this many reads than behind one write. */
const writeWeight = 16;
/** More writes than this on one connection are worth another one. */
const crowdedWrites = 2;
/** More transactions than this on every connection are worth one beyond the ordinary ones. */
const crowdedReads = 16;
/** A statement that nobody knows yet waits this long to be tried alone. */
const patienceMs = 100;
/** A statement that is not prepared rolls its transaction back, so that it may be sent again this often. */
const mostRetries = 2;
/** The server did not even enforce its own timeout. */
const hangsMs = 3000;

/** All connections of one project and role: pipelined ones for short statements, exclusive ones for long ones. */
export class Lane {
  readonly project: string;
  readonly role: RequestRole;
  /** What its statements cost: row security makes that differ by role. */
  readonly estimates = new CostEstimates();
  readonly #host: LaneHost;
  readonly #speeds = new ShapeSpeeds();
  readonly #fast: LaneConnection[] = [];
  readonly #exclusive: LaneConnection[] = [];
  readonly #waiting: LaneTransaction[] = [];
  readonly #waitingNew: LaneTransaction[] = [];
  readonly #waitingSlow: LaneTransaction[] = [];
  readonly #openings = new Set<Promise<void>>();
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
    return this.#waiting.length + this.#waitingNew.length + this.#waitingSlow.length;
  }

  get inFlight(): number {
    let total = 0;
    for (const connection of this.#fast) total += connection.inFlight;
    for (const connection of this.#exclusive) total += connection.inFlight;
    return total;
  }

  /** Runs a transaction where it fits: short ones in a pipeline, those nobody knows yet and long ones alone. */
  run(transaction: LaneTransaction): void {
    const speed = this.#speeds.of(transaction.plan.shape);
    if (speed === 'fast') {
      this.#runFast(transaction);
    } else if (speed === 'slow') {
      this.#enqueue(this.#waitingSlow, transaction);
      this.#drainAlone();
    } else {
      this.#runNew(transaction);
    }
  }

  /** Looks after what hangs: called every few milliseconds while anything is in flight or waits. */
  tick(now: number): void {
    for (const connection of this.#fast) this.#tickFast(connection, now);
    for (const connection of this.#exclusive) this.#tickExclusive(connection, now);
    expire(this.#waiting);
    expire(this.#waitingNew);
    expire(this.#waitingSlow);
    // Nobody became free to try it alone: it takes its chance in the pipeline.
    while ((this.#waitingNew[0]?.queuedAt ?? now) < now - patienceMs) {
      this.#runFast(this.#waitingNew.shift() as LaneTransaction);
    }
    this.wake();
  }

  /**
   * Gives back what was not used.
   * @param before what was last used before it goes (of `performance.now()`)
   * @param extraBefore the same for connections beyond the ordinary ones
   */
  async closeIdle(before: number, extraBefore: number): Promise<void> {
    const ordinary = new Set(this.#fast.slice(0, this.#host.limits.connections));
    const idle = this.connections.filter(
      (one) => one.inFlight === 0 && one.lastUsed < (ordinary.has(one) ? before : extraBefore),
    );
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
    this.refuseWaiting(error);
    await Promise.all(
      this.connections.map(async (connection) => {
        if (connection.inFlight > 0) connection.destroy();
        else await this.release(connection);
      }),
    );
    await Promise.all(this.#openings);
  }

  /** Refuses what waits: there is no server to wait for. */
  refuseWaiting(error: MagFlockError): void {
    for (const queue of [this.#waiting, this.#waitingNew, this.#waitingSlow]) {
      for (const transaction of queue.splice(0)) transaction.fail(error);
    }
  }

  /** A connection became possible. */
  wake(): void {
    this.#drain();
    this.#drainAlone();
  }

  #runFast(transaction: LaneTransaction): void {
    const now = performance.now();
    const connection = this.#waiting.length === 0 ? this.#pick(now) : undefined;
    if (connection !== undefined) {
      this.#sendFast(connection, transaction, now);
      return;
    }
    this.#enqueue(this.#waiting, transaction);
    this.#grow(now);
  }

  #runNew(transaction: LaneTransaction): void {
    const idle =
      this.#waitingNew.length === 0
        ? this.#fast.find((one) => one.inFlight === 0 && !one.retired)
        : undefined;
    if (idle !== undefined) {
      idle.sendAlone(transaction);
    } else if (this.#fast.length === 0) {
      // The first statement of this lane opens the connection that the next ones will share.
      this.#enqueue(this.#waitingNew, transaction);
      this.#grow(performance.now());
    } else {
      this.#enqueue(this.#waitingNew, transaction);
      this.#drainAlone();
    }
  }

  /** The shared connection with the fewest writes, which wait for the disk, and then the fewest transactions. */
  #pick(now: number): LaneConnection | undefined {
    const { depth } = this.#host.limits;
    let best: LaneConnection | undefined;
    let fewest = depth * writeWeight;
    for (const connection of this.#fast) {
      const { inFlight } = connection;
      const load = inFlight + connection.writesInFlight * writeWeight;
      if (load >= fewest || inFlight >= depth || connection.retired || connection.alone) continue;
      if (connection.busyFor(now) > heldUpMs) continue;
      best = connection;
      fewest = load;
    }
    return best;
  }

  #sendFast(connection: LaneConnection, transaction: LaneTransaction, now: number): void {
    connection.send(transaction);
    // PostgreSQL puts commits of several connections into one write to the disk; on one they follow each other.
    if (connection.writesInFlight > crowdedWrites) this.#grow(now);
    // Two backends answer on two cores; more of them only take turns.
    else if (connection.inFlight > crowdedReads && this.#fast.length <= this.#host.limits.connections)
      this.#grow(now);
  }

  #enqueue(queue: LaneTransaction[], transaction: LaneTransaction): void {
    if (this.#closed) {
      transaction.fail(new MagFlockError('MF503', `Project "${this.project}" is being closed.`));
    } else if (queue.length >= this.#host.limits.waiting) {
      this.#host.saturated();
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
      transaction.queuedAt = performance.now();
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
      this.#sendFast(connection, this.#waiting[sent] as LaneTransaction, now);
    }
    this.#waiting.splice(0, sent);
    if (this.#waiting.length > 0) this.#grow(now);
  }

  /** What runs alone: on an exclusive connection, or, when it is new, on a shared one that has nothing to do. */
  #drainAlone(): void {
    if (this.#waitingNew.length > 0 && this.#waiting.length === 0) {
      for (const connection of this.#fast) {
        if (connection.inFlight === 0 && !connection.retired && this.#waitingNew.length > 0) {
          connection.sendAlone(this.#waitingNew.shift() as LaneTransaction);
        }
      }
    }
    let slow = 0;
    for (const connection of this.#exclusive) if (connection.inFlight > 0) slow += 1;
    for (const connection of this.#exclusive) {
      if (connection.inFlight > 0 || connection.retired) continue;
      // One exclusive connection is left to those that may turn out to be short.
      const last = slow >= this.#host.limits.exclusive - 1 && this.#host.limits.exclusive > 1;
      const next = this.#waitingNew.shift() ?? (last ? undefined : this.#waitingSlow.shift());
      if (next === undefined) return;
      slow += 1;
      connection.sendAlone(next);
    }
    if (this.#waitingNew.length + this.#waitingSlow.length > 0) this.#growExclusive();
  }

  #grow(now: number): void {
    const { connections, spare } = this.#host.limits;
    if (this.#opening > 0 || this.#fast.length >= connections + spare || this.#closed) return;
    // Whoever runs alone is most likely done before another connection is open.
    if (this.#fast.some((one) => one.alone && one.busyFor(now) < heldUpMs)) return;
    if (!this.#host.mayOpen(this)) return;
    this.#opening += 1;
    this.#track(this.#open(this.#fast), () => {
      this.#opening -= 1;
    });
  }

  #growExclusive(): void {
    const busy = this.#exclusive.length + this.#openingExclusive;
    if (busy >= this.#host.limits.exclusive || this.#closed || !this.#host.mayOpen(this)) return;
    this.#openingExclusive += 1;
    this.#track(this.#open(this.#exclusive), () => {
      this.#openingExclusive -= 1;
    });
  }

  #track(opening: Promise<void>, done: () => void): void {
    const tracked = opening.then(() => {
      this.#openings.delete(tracked);
      done();
      this.wake();
    });
    this.#openings.add(tracked);
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
      if (this.#speeds.note(plan.shape, ms) === 'fast' && this.#waitingNew.length > 0)
        this.#proved(plan.shape);
      if (failure === undefined) {
        const { overlong } = transaction;
        if (overlong !== undefined) {
          transaction.fail(overLimit('bytes', overlong, longestAnswer(plan), transaction.commits));
        } else if (transaction.complete) transaction.succeed(performance.now() - transaction.sentAt);
        else transaction.fail(new MagFlockError('MF500', 'The plan answered no row with a column "body".'));
      } else if (failure.code === '26000' && transaction.retries < mostRetries) {
        // The statement was not prepared after all, because the transaction before that should have was refused.
        // Or code of the project said DEALLOCATE ALL: then what every transaction uses is gone for good.
        if (transaction.retries > 0 || /"(?:reset|settings|outbox)"/.test(failure.message))
          connection.retire();
        transaction.reset();
        transaction.retries += 1;
        this.run(transaction);
      } else {
        const refused = transaction.step === transaction.onceStep;
        transaction.fail(refused ? onceRefusal(failure) : failureOf(transaction));
      }
    }
    if (connection.inFlight > 0) return;
    if (connection.retired) void this.release(connection);
    else if (this.waiting === 0 && this.#host.offer(this, connection)) return;
    this.wake();
  }

  /** Those of the same shape need not be tried alone any more. */
  #proved(shape: string | undefined): void {
    const waiting = this.#waitingNew.splice(0);
    for (const transaction of waiting) {
      if (transaction.plan.shape === shape) this.#runFast(transaction);
      else this.#waitingNew.push(transaction);
    }
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
      const refusal = transaction.failure === undefined ? undefined : failureOf(transaction);
      // An error of the statement has rolled it back; one about the connection may have come during the commit.
      const rolledBack =
        refusal !== undefined && (refusal instanceof DatabaseFailure || refusal.code !== 'MF503');
      if (rolledBack) transaction.fail(refusal);
      else if (!transaction.isWrite) transaction.fail(reason);
      else if (!transaction.commits) transaction.fail(notWritten());
      // The id is sent before the commit begins: without it, and with everything read, there was no commit.
      else if (delivered && transaction.transactionId === undefined) transaction.fail(notWritten());
      else this.#host.resolve(this, transaction);
    }
    this.wake();
  }

  #tickFast(connection: LaneConnection, now: number): void {
    const busy = connection.busyFor(now);
    if (busy < moveMs) return;
    const { head } = connection;
    if (head !== undefined && !head.settled) this.#speeds.note(head.plan.shape, busy);
    if (busy > this.#host.limits.statementTimeoutMs + hangsMs) {
      giveUp(connection);
      return;
    }
    for (const transaction of connection.takeWaitingReads()) this.run(transaction);
  }

  #tickExclusive(connection: LaneConnection, now: number): void {
    if (connection.busyFor(now) > this.#host.limits.statementTimeoutMs + hangsMs) {
      giveUp(connection);
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

/** A statement that neither its timeout nor a cancel could end. How a write ended is asked for like any other. */
function giveUp(connection: LaneConnection): void {
  const { head } = connection;
  if (head !== undefined && !head.commits) {
    head.fail(
      new MagFlockError('MF504', 'The statement did not end at its timeout; its connection was closed.'),
    );
  }
  connection.destroy();
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
