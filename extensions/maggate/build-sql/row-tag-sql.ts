import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnList } from './column-list.ts';

/**
 * The tag of a row, from all its columns: the digest of the JSON that a read of the whole row answers with, so that a read
 * need not make it (`rowTag`). Needs the right to read every column.
 * @param source alias of the row
 */
export function rowTagSql(table: TableSchema, source: string): string {
  const json = `(select pg_catalog.row_to_json(d.*)::text from (select ${columnList(source, table.columns)}) as d)`;
  const bytes = `pg_catalog.sha256(pg_catalog.convert_to(${json}, 'UTF8'))`;
  return `pg_catalog."left"(pg_catalog.encode(${bytes}, 'base64'), 22)`;
}
