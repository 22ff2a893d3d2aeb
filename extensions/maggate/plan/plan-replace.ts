import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { BoundRow } from './bound-row.ts';
import type { Assignment, UpdatePlan } from './write-plan.ts';

/**
 * PUT: the body is the whole row; what it leaves out gets the column's default, or null. The key stays; a key
 * column that the body repeats is compared, never set.
 */
export function planReplace(
  table: TableSchema,
  row: BoundRow,
  returning: readonly ColumnSchema[] | undefined,
): UpdatePlan {
  const modes = new Map(row.map(({ column, value }) => [column, value.mode]));
  const key = new Set(table.primaryKey);
  const assignments: Assignment[] = table.columns
    .filter((column) => !key.has(column) && column.readOnly === undefined)
    .map((column) => ({ column, mode: modes.get(column) ?? 'default' }));
  return { table, assignments, keyGuards: table.primaryKey.filter((column) => modes.has(column)), returning };
}
