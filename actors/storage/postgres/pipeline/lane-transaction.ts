import type { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { Plan, PlanResult, StepResult } from '../../../../runtime/protocol/plan.protocol.ts';
import type { OutboxRow } from '../../../../runtime/protocol/storage.protocol.ts';
import type { ServerErrorFields } from '../map-error.ts';
import type { OnceKey } from './once/once-key.ts';
import type { PlanSettings } from './plan-settings.ts';
import type { PreparedStatement, ResultColumns } from './statement-cache.ts';

const none: readonly PreparedStatement[] = [];

/** One request's transaction on its way through a lane. Everything the wire tells about it is noted here. */
export class LaneTransaction {
  readonly plan: Plan;
  readonly claims: string;
  readonly outbox: OutboxRow | undefined;
  readonly settings: PlanSettings | undefined;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  readonly resolve: (result: PlanResult) => void;
  readonly reject: (error: unknown) => void;

  /** Milliseconds of `performance.now()`. */
  sentAt = 0;
  queuedAt = 0;
  statement: PreparedStatement | undefined;
  columns: ResultColumns | undefined;
  /** Statements besides the plan's own that this transaction is to prepare. */
  preparing: readonly PreparedStatement[] = none;
  /** Statements completed; which of them is which depends on what the plan asks for. */
  step = 0;
  planStep = 1;
  /** What a write that is done once is known by; see `onceStep`. */
  once: OnceKey | undefined;
  onceStep = -1;
  explainStep = -1;
  outboxStep = -1;
  answered = false;
  body: string | null = null;
  rows = 0;
  location: string | undefined;
  #columns: Record<string, string | null> | undefined;
  #explain: string | undefined;
  /** Of the plan's further statements, as they come. */
  #steps: StepResult[] = [];
  #bytes = 0;
  /** Length of an answer that is longer than the plan may have it; nothing of it is kept. */
  overlong: number | undefined;
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
    settings?: PlanSettings,
  ) {
    this.plan = plan;
    this.claims = claims;
    this.outbox = outbox;
    this.deadline = deadline;
    this.resolve = resolve;
    this.reject = reject;
    this.settings = settings;
  }

  get isWrite(): boolean {
    return this.plan.access === 'write';
  }

  /** Whether a commit may be on the wire: a write that is not undone after its answer. */
  get commits(): boolean {
    return this.isWrite && this.plan.end !== 'rollback';
  }

  /** Whether all statements of the plan have had their row. */
  get complete(): boolean {
    return this.answered && this.#steps.length === (this.plan.steps?.length ?? 0);
  }

  /** Number of the plan's statement that comes next or has failed; undefined for what the lane runs around them. */
  get stepOfPlan(): number | undefined {
    const step = this.step - this.planStep;
    return step < 0 || step > (this.plan.steps?.length ?? 0) ? undefined : step;
  }

  /** Whether `Plan.before` comes next or has failed: it is the last before the plan and what makes that once. */
  get isBefore(): boolean {
    const next = this.once === undefined ? this.planStep : this.onceStep;
    return this.plan.before !== undefined && this.step === next - 1;
  }

  /** Takes a row of the plan, of its steps, of its EXPLAIN or of the outbox statement. */
  row(buffer: Buffer, offset: number, columns: number): void {
    if (this.settled) return;
    if (this.step === this.planStep) this.#planRow(buffer, offset, columns);
    else if ((this.stepOfPlan ?? 0) > 0) this.#stepRow(buffer, offset, columns);
    else if (this.step === this.outboxStep) {
      this.transactionId = textAt(buffer, offset, columns, 0) ?? undefined;
    } else if (this.step === this.explainStep) {
      this.#explain = textAt(buffer, offset, columns, 0) ?? undefined;
    }
  }

  /** `body` and `rows`. */
  #stepRow(buffer: Buffer, offset: number, columns: number): void {
    if (this.#steps.length >= (this.stepOfPlan ?? 0)) return;
    this.#bytes += Math.max(0, lengthAt(buffer, offset, columns, 0));
    const limit = this.plan.limits?.bytes;
    if (limit !== undefined && this.#bytes > limit) this.overlong = this.#bytes;
    // What is too long in all is not kept in parts either.
    const body = this.overlong === undefined ? textAt(buffer, offset, columns, 0) : null;
    this.#steps.push({ body, rows: Number(textAt(buffer, offset, columns, 1)) });
  }

  #planRow(buffer: Buffer, offset: number, columns: number): void {
    const { plan } = this;
    const limit = plan.limits?.bytes;
    if (plan.explains === true) {
      this.#line(textAt(buffer, offset, columns, 0) ?? '');
      if (limit !== undefined && (this.body?.length ?? 0) > limit) this.overlong = this.body?.length;
      return;
    }
    const places = this.columns ?? this.statement?.columns;
    if (this.answered || places === undefined) return;
    if (places.body < 0 && plan.columns === undefined) return;
    this.answered = true;
    if (limit !== undefined) {
      const length = lengthAt(buffer, offset, columns, places.body);
      this.#bytes = Math.max(0, length);
      if (length > limit) {
        this.overlong = length;
        return;
      }
    }
    if (places.body >= 0) this.body = textAt(buffer, offset, columns, places.body);
    if (places.rows >= 0) this.rows = Number(textAt(buffer, offset, columns, places.rows));
    if (places.location >= 0) this.location = textAt(buffer, offset, columns, places.location) ?? undefined;
    if (plan.columns === undefined) return;
    this.#columns = {};
    for (const name of plan.columns) {
      const place = places.names.indexOf(name);
      this.#columns[name] = place < 0 ? null : textAt(buffer, offset, columns, place);
    }
  }

  #line(line: string): void {
    if (this.overlong !== undefined) return;
    this.body = this.answered ? `${this.body}\n${line}` : line;
    this.answered = true;
  }

  /** As it was before it was sent, for another connection. */
  reset(): void {
    this.statement = undefined;
    this.columns = undefined;
    this.step = 0;
    this.answered = false;
    this.body = null;
    this.preparing = none;
    this.overlong = undefined;
    this.#steps = [];
    this.#bytes = 0;
    this.transactionId = undefined;
    this.failure = undefined;
  }

  /** @param databaseMs between sending and the last byte */
  succeed(databaseMs: number): void {
    if (this.settled) return;
    this.settled = true;
    const { body, rows, location } = this;
    this.resolve({
      body,
      rows,
      location,
      ...(this.#columns === undefined ? {} : { columns: this.#columns }),
      ...(this.plan.steps === undefined ? {} : { steps: this.#steps }),
      ...(this.#explain === undefined ? {} : { explain: this.#explain }),
      databaseMs,
    });
  }

  fail(error: MagFlockError | Error): void {
    if (this.settled) return;
    this.settled = true;
    this.reject(error);
  }
}

/** Keeps the place of a transaction in its pipeline when it is run elsewhere; what comes back is dropped. */
export function abandoned(transaction: LaneTransaction): LaneTransaction {
  const { plan, claims, outbox, deadline, statement, preparing } = transaction;
  const placeholder = new LaneTransaction(plan, claims, outbox, deadline, ignore, ignore);
  placeholder.statement = statement;
  placeholder.preparing = preparing;
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

/** Bytes of one column of a DataRow; -1 for NULL and for a column that is not there. */
function lengthAt(buffer: Buffer, offset: number, columns: number, wanted: number): number {
  let at = offset;
  for (let column = 0; column < columns; column++) {
    const length = buffer.readInt32BE(at);
    if (column === wanted) return length;
    at += 4 + Math.max(length, 0);
  }
  return -1;
}
