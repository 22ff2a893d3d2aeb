import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { ParameterList } from './parameter-list.ts';
import { rowTagSql } from './row-tag-sql.ts';

/**
 * ` and …`: raises MF412 with the row's tag when that is none of a list (If-Match). It stands in the condition of the
 * write, which PostgreSQL asks again about the version that another transaction left behind.
 */
export function tagGuardSql(table: TableSchema, parameters: ParameterList): string {
  const tag = rowTagSql(table, 't');
  const listed = `${tag} = any (${parameters.add('if-match', null)}::text[])`;
  return ` and case when ${listed} then true else mg_sys.refuse('MF412', ${tag}) is null end`;
}
