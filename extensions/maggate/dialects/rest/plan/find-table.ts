import type { DataSchema, DataTable, QualifiedName } from '../../../schema-cache/data-schema.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import { tableNotFound } from '../errors/table-not-found.ts';

/**
 * The table or view of this name.
 * @throws PGRST205 with the nearest name
 */
export function findTable(schema: DataSchema, table: QualifiedName): DataTable {
  const found = schema.tables.get(nameKey(table.schema, table.name));
  if (found === undefined) throw tableNotFound(schema, table);
  return found;
}
