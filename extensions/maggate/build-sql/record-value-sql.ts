import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnName } from './column-name.ts';
import { quoteLiteral } from './quote-literal.ts';
import { tableName } from './table-name.ts';

/**
 * A value of a composite column (or an array of composites), read by PostgreSQL out of JSON through the table's
 * own row type, which knows the type. A JSON text is read as the type's own literal.
 * @param value SQL of type json, or of text
 */
export function recordValueSql(table: TableSchema, column: ColumnSchema, value: string): string {
  const document = `pg_catalog.json_build_object(${quoteLiteral(column.name)}, ${value})`;
  return columnName(`(pg_catalog.json_populate_record(null::${tableName(table)}, ${document}))`, column);
}
