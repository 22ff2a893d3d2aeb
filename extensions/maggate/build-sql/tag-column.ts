import type { TableSchema } from '../schema-cache/table-schema.ts';

/** Name under which a row's tag travels beside its columns; none of the table's. */
export function tagColumn(table: TableSchema): string {
  let name = 'row_tag';
  while (table.columnsByName.has(name)) name += '_';
  return `"${name}"`;
}
