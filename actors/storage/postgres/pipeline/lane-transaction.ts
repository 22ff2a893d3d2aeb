import type { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { Plan, PlanResult } from '../../../../runtime/protocol/plan.protocol.ts';
import type { OutboxRow } from '../../../../runtime/protocol/storage.protocol.ts';
import type { ServerErrorFields } from '../map-error.ts';
import type { PreparedStatement, ResultColumns } from './statement-cache.ts';

/** One request's transaction on its way through a lane. Everything the wire tells about it is noted here. */
export class LaneTransaction {
  readonly plan: Plan;
  readonly claims: string;
  readonly outbox: OutboxRow | undefined;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  readonly resolve: (result: PlanResult) => void;
  readonly reject: (error: unknown) => void;

  /** Milliseconds of `performance.now()`. */
  sentAt = 0;
  queuedAt = 0;
  statement: PreparedStatement | undefined;
  columns: ResultColumns | undefined;
  /** Statements completed: the settings, the plan, the outbox row. */
  step = 0;
  answered = false;
  body: string | null = null;
  rows = 0;
  location: string | undefined;
  /** Id of the write's transaction, when the server told it. */
  transactionId: string | undefined;
  failure: ServerErrorFields | undefined;
  /** How often it was sent again because a prepared statement was not there. */
  retries = 0;
  settled = false;

  constructor(
    plan: Plan,
    claims: string,
    outbox: OutboxRow | undefined,
    deadline: number,
    resolve: (result: PlanResult) => void,
    reject: (error: unknown) => void,
  ) {
    this.plan = plan;
    this.claims = claims;
    this.outbox = outbox;
    this.deadline = deadline;
    this.resolve = resolve;
    this.reject = reject;
  }

  get isWrite(): boolean {
    return this.plan.access === 'write';
  }

  /** Takes the row of the plan or of the outbox statement. */
  row(buffer: Buffer, offset: number, columns: number): void {
    if (this.step === 2) {
      this.transactionId = textAt(buffer, offset, columns, 0) ?? undefined;
      return;
    }
    const places = this.columns ?? this.statement?.columns;
    if (this.step !== 1 || this.answered || places === undefined || places.body < 0) return;
    this.answered = true;
    this.body = textAt(buffer, offset, columns, places.body);
    if (places.rows >= 0) this.rows = Number(textAt(buffer, offset, columns, places.rows));
    if (places.location >= 0) this.location = textAt(buffer, offset, columns, places.location) ?? undefined;
  }

  /** As it was before it was sent, for another connection. */
  reset(): void {
    this.statement = undefined;
    this.columns = undefined;
    this.step = 0;
    this.answered = false;
    this.body = null;
    this.transactionId = undefined;
    this.failure = undefined;
  }

  /** @param databaseMs between sending and the last byte */
  succeed(databaseMs: number): void {
    if (this.settled) return;
    this.settled = true;
    this.resolve({ body: this.body, rows: this.rows, location: this.location, databaseMs });
  }

  fail(error: MagFlockError | Error): void {
    if (this.settled) return;
    this.settled = true;
    this.reject(error);
  }
}

/** Keeps the place of a transaction in its pipeline when it is run elsewhere; what comes back is dropped. */
export function abandoned(transaction: LaneTransaction): LaneTransaction {
  const { plan, claims, outbox, deadline, statement } = transaction;
  const placeholder = new LaneTransaction(plan, claims, outbox, deadline, ignore, ignore);
  placeholder.statement = statement;
  placeholder.settled = true;
  return placeholder;
}

function ignore(): void {}

/** The text of one column of a DataRow; null for NULL. */
function textAt(buffer: Buffer, offset: number, columns: number, wanted: number): string | null {
  let at = offset;
  for (let column = 0; column < columns; column++) {
    const length = buffer.readInt32BE(at);
    at += 4;
    if (column === wanted) return length < 0 ? null : buffer.toString('utf8', at, at + length);
    if (length > 0) at += length;
  }
  return null;
}
