import type { TableSchema } from '../../schema-cache/table-schema.ts';

/** The addresses of a table and of one of its rows, with the key columns as template variables (RFC 6570). */
export function tablePaths(table: TableSchema): { readonly table: string; readonly row: string } {
  const base = `/api/${encodeURIComponent(table.name)}`;
  return { table: base, row: `${base}/${table.primaryKey.map((column) => `{${column.name}}`).join(',')}` };
}
