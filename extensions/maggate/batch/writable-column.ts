import { ExtensionError } from '../../sdk/index.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';

/** The column of this name. @throws MF423 when there is none, MF422 when only the database fills it */
export function writableColumn(table: TableSchema, name: string): ColumnSchema {
  const column = findColumn(table, name, '"data"', { code: 'MF423' });
  if (column.readOnly === undefined) return column;
  throw new ExtensionError('MF422', `"${name}" (in "data") ${column.readOnly}.`, {
    fix: `Leave "${name}" out.`,
    details: { table: table.name, column: name },
  });
}
