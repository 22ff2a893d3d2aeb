import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';

/**
 * How one value gets into a column: bound as it is (`value`), read by PostgreSQL out of JSON (`record`, for
 * composites), or the column's default (`default`).
 */
export type AssignmentMode = 'value' | 'record' | 'default';

export interface Assignment {
  readonly column: ColumnSchema;
  readonly mode: AssignmentMode;
}

export interface InsertPlan {
  readonly table: TableSchema;
  /** Columns that at least one row names, in table order. */
  readonly columns: readonly ColumnSchema[];
  /** How each row fills each of the columns. */
  readonly rows: readonly (readonly AssignmentMode[])[];
  /** True when the body was a list: the answer is a list too and has no Location. */
  readonly many: boolean;
  /** Undefined answers without the row, which needs no right to read. */
  readonly returning: readonly ColumnSchema[] | undefined;
}

export interface UpdatePlan {
  readonly table: TableSchema;
  readonly assignments: readonly Assignment[];
  /** Key columns that the body repeats with another text than the path; the database says whether they are equal. */
  readonly keyGuards: readonly ColumnSchema[];
  readonly returning: readonly ColumnSchema[] | undefined;
}
