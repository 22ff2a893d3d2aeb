import type { TableSchema } from '../schema-cache/table-schema.ts';
import { refuseSql } from './refuse-sql.ts';

/** Raises MF404: nothing has this id, or nothing that the caller may see. */
export function noRowSql(table: TableSchema): string {
  return refuseSql('MF404', `No row of "${table.name}" with this ${keyNames(table)} that this key may see.`);
}

/** Raises MF409: children of an inherited table do not share its key. */
export function severalRowsSql(table: TableSchema): string {
  return refuseSql('MF409', `Several rows of "${table.name}" have this ${keyNames(table)}.`);
}

function keyNames(table: TableSchema): string {
  return table.primaryKey.map((column) => column.name).join(', ');
}
