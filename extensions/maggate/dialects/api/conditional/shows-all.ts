import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';

/** Whether an answer shows all columns of a row in the order of the table: the row's tag is that of its JSON then. */
export function showsAll(table: TableSchema, columns: readonly ColumnSchema[]): boolean {
  if (columns === table.columns) return true;
  return (
    columns.length === table.columns.length && table.columns.every((column, at) => column === columns[at])
  );
}
