import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';

/**
 * Whether an answer shows all columns of a row. Only then its tag is made unasked: it takes the right to read them all,
 * and who may read some columns must still be able to.
 */
export function showsAll(table: TableSchema, columns: readonly ColumnSchema[]): boolean {
  return columns === table.columns || table.columns.every((column) => columns.includes(column));
}
