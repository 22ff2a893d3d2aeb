import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { Condition } from './condition.ts';

export interface SortColumn {
  readonly column: ColumnSchema;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last' | undefined;
}

/** A list with everything looked up: what `build-sql` turns into a statement. */
export interface ListPlan {
  readonly table: TableSchema;
  readonly columns: readonly ColumnSchema[];
  readonly where: readonly Condition[];
  /** Text columns to look in; empty when nothing is searched for. */
  readonly search: readonly ColumnSchema[];
  readonly sort: readonly SortColumn[];
  readonly limit: number;
  /** True when rows are skipped; how many is a parameter. */
  readonly skips: boolean;
  readonly count: boolean;
}
