import type { JsonObject } from '../../../parse/parse-documents.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';

/** Whether an object has keys that may be relations: names of no column, or structures where a column takes none. */
export function namesRelations(table: TableSchema, row: JsonObject): boolean {
  for (const [name, value] of row.entries) {
    const column = table.columnsByName.get(name);
    if (column === undefined) return true;
    if (value.kind === 'object' && (column.kind === 'plain' || column.kind === 'text')) return true;
  }
  return false;
}
