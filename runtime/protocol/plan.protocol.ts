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
}

/** What the database answered to a plan. */
export interface PlanResult {
  readonly body: string | null;
  readonly rows: number;
  readonly location: string | undefined;
  /** Milliseconds between sending and the last byte. */
  readonly databaseMs: number;
}
