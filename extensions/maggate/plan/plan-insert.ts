import { ExtensionError } from '../../sdk/index.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { BoundRow } from './bound-row.ts';
import type { AssignmentMode, InsertPlan } from './write-plan.ts';

/** The wire protocol counts parameters in 16 bits (65,535); some room is left for the statement's own. */
const mostValues = 60_000;

/**
 * Plans one INSERT for all rows of a body. Rows may name different columns; what a row leaves out gets the
 * column's default.
 * @throws MF113 when the rows have more values than one statement can carry
 */
export function planInsert(
  table: TableSchema,
  rows: readonly BoundRow[],
  many: boolean,
  returning: readonly ColumnSchema[] | undefined,
): InsertPlan {
  const named = new Set<ColumnSchema>();
  for (const row of rows) for (const { column } of row) named.add(column);
  const columns = [...named].sort((a, b) => a.index - b.index);
  if (rows.length * Math.max(columns.length, 1) > mostValues) {
    throw new ExtensionError(
      'MF113',
      `${rows.length} rows of ${columns.length} columns are ${rows.length * columns.length} values; one request takes ${mostValues}.`,
      {
        fix: `Send at most ${Math.floor(mostValues / Math.max(columns.length, 1))} such rows at a time.`,
        details: { rows: rows.length, columns: columns.length, limit: mostValues },
      },
    );
  }
  return { table, columns, rows: rows.map((row) => modes(columns, row)), many, returning };
}

function modes(columns: readonly ColumnSchema[], row: BoundRow): readonly AssignmentMode[] {
  const byColumn = new Map(row.map((entry) => [entry.column, entry.value.mode]));
  return columns.map((column) => byColumn.get(column) ?? 'default');
}
