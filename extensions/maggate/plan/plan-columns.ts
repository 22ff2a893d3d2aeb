import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';

/**
 * The columns of an answer, always an explicit list: a column added meanwhile does not slip in.
 * @throws MF402 for a name the table does not have
 */
export function planColumns(
  table: TableSchema,
  fields: readonly string[] | undefined,
): readonly ColumnSchema[] {
  if (fields === undefined) return table.columns;
  return fields.map((name) => findColumn(table, name, 'fields'));
}
