import type { HookOperation } from './extension-manifest.ts';

/**
 * What a gateway wants done, without saying as whom: a plan never names a role. The SQL returns exactly one row
 * with the columns `body text` (the JSON answer, made by PostgreSQL itself, or null for none) and
 * `rows bigint` (rows returned or written), and may add `header_location text`.
 * Whatever must roll back is raised inside the SQL with an SQLSTATE that is a code of the error catalogue
 * (`MF404`), because COMMIT is already on the wire.
 */
export interface Plan {
  readonly access: 'read' | 'write';
  readonly operation: 'select' | 'insert' | 'update' | 'delete';
  /** Schema-qualified table or view as the catalogue has it. */
  readonly table: { readonly schema: string; readonly name: string };
  readonly sql: string;
  /** Untyped text parameters; PostgreSQL infers the types. */
  readonly parameters: readonly (string | null)[];
  /** Column each parameter feeds or is compared with, by position, so that an error can name it. */
  readonly parameterColumns: readonly (string | null)[];
  /**
   * Name of the statement shape (same text ⇒ same name), prepared once per connection; undefined for texts that
   * seldom come again (bulk inserts).
   */
  readonly shape: string | undefined;
  /** Version of the schema the plan was made from; a stale one may be planned again. */
  readonly schemaVersion: number;
  /** What hooks know this by; undefined for plans that no hook sees (the list of endpoints). */
  readonly action?: HookOperation | undefined;
  /** What the answer looks like to the respond stage. */
  readonly answer: { readonly status: number; readonly contentType: string };
  /**
   * Settings of this transaction besides those every transaction has, as JSON text: an object of setting names and
   * texts (`search_path`, `request.*`, `app.settings.*`, `timezone`, those of a role or function). Set with the rights
   * of the login, before the role is taken on. Storage refuses those that would change who asks or what the transaction
   * may do (MF500), puts `pg_temp` behind `search_path`, and of `statement_timeout` keeps the shorter one.
   */
  readonly settings?: string | undefined;
  /** A SELECT between the settings and the plan, without parameters, not read (a pre-request function). */
  readonly before?: string | undefined;
  /** Answers EXPLAIN (FORMAT JSON) of another statement in the same transaction: `PlanResult.explain`. */
  readonly explain?: { readonly sql: string; readonly parameters: readonly (string | null)[] } | undefined;
  /**
   * `rollback`: everything the transaction did is undone after the answer, and there is no audit row; constraints are
   * checked as they would be at the commit. Default `commit`.
   */
  readonly end?: 'commit' | 'rollback' | undefined;
  /** Default `read committed`. */
  readonly isolation?: 'repeatable read' | 'serializable' | undefined;
  /** Further columns of the row, to be read by name. `body` may be missing then. */
  readonly columns?: readonly string[] | undefined;
  /** The statement is an EXPLAIN: its rows are the lines of the body. */
  readonly explains?: boolean | undefined;
  /**
   * What the statement does besides: reads of embedded tables, the updates of an upsert, rows of other tables. The
   * scopes of a key must allow each. Hooks run for the plan itself only: where one waits for the `action` of any of
   * these, the request is refused.
   */
  readonly further?: readonly Pick<Plan, 'operation' | 'table' | 'action'>[] | undefined;
  /** What Storage holds the statement to. Those of cost are for `sql` alone, the others for all of the transaction. */
  readonly limits?: PlanLimits | undefined;
  /**
   * Statements of the same transaction that run after `sql`, in order, in the same round trip. One that needs what an
   * earlier one found reads it from a setting that the earlier one has made (`set_config('magflock.step_0', …, true)`).
   * When one fails nothing is done, and the failure says which it was: `sql` is step 0.
   */
  readonly steps?: readonly PlanStep[] | undefined;
  /** What errors call `sql` when there are steps: `id` of their details. */
  readonly name?: string | undefined;
}

/** A further statement. It answers one row whose first two columns are `body` and `rows`, and writes as its plan does. */
export interface PlanStep
  extends Pick<Plan, 'operation' | 'table' | 'sql' | 'parameters' | 'parameterColumns' | 'shape'> {
  readonly name: string;
}

/** What the database answered to a step. */
export interface StepResult {
  readonly body: string | null;
  readonly rows: number;
}

/** Limits of one plan; an absent field does not limit. Beyond cost or bytes: MF426 with limit, value and allowed. */
export interface PlanLimits {
  /** Estimated total cost, judged before the statement runs; the estimate is kept per shape and role for a minute. */
  readonly cost?: number;
  /** Of the body. A write whose answer is longer is done all the same, and its error says so. */
  readonly bytes?: number;
  /** The shorter one of this and the lane's own holds. */
  readonly timeMs?: number;
}

/** What the database answered to a plan. */
export interface PlanResult {
  readonly body: string | null;
  readonly rows: number;
  readonly location: string | undefined;
  /** Values of `Plan.columns`, by name. */
  readonly columns?: Readonly<Record<string, string | null>> | undefined;
  /** Of `Plan.steps`, in order. */
  readonly steps?: readonly StepResult[] | undefined;
  /** JSON text of `Plan.explain`. */
  readonly explain?: string | undefined;
  /** Milliseconds between sending and the last byte. */
  readonly databaseMs: number;
  /** Nothing was done: this is what was answered before to the same request (`OnceRequest`). */
  readonly replayed?: boolean | undefined;
}
