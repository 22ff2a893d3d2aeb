import { ExtensionError } from '../../sdk/index.ts';
import type { JsonObject } from '../parse/parse-documents.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { bindValue } from './bind-value.ts';
import type { BoundRow } from './bound-row.ts';

/**
 * Looks up the keys of a JSON object and binds its values.
 * @param place `the body`, `item 3 of the body`
 * @param repeated read-only columns that may be named all the same, because they are only compared (the key in PUT)
 * @throws MF423 for an unknown key, MF422 for a column that takes no values or not this one
 */
export function bindRow(
  table: TableSchema,
  row: JsonObject,
  place: string,
  repeated: readonly ColumnSchema[] = [],
): BoundRow {
  const bound: BoundRow[number][] = [];
  for (const [name, json] of row.entries) {
    const column = findColumn(table, name, place, { code: 'MF423' });
    if (column.readOnly !== undefined && !repeated.includes(column)) {
      throw new ExtensionError('MF422', `"${name}" (in ${place}) ${column.readOnly}.`, {
        fix: `Leave "${name}" out.`,
        details: { table: table.name, column: name },
      });
    }
    bound.push({ column, value: bindValue(column, json) });
  }
  return bound.sort((a, b) => a.column.index - b.column.index);
}
