import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { columnList } from './column-list.ts';

/**
 * The end of a statement that must have written exactly one row, from the CTE `w`: its JSON, or an error that
 * rolls back. Inheritance and rules can make it several.
 * @param columns what the answer shows; undefined for an answer without body
 * @param tag column of the row's tag, when the answer has it
 */
export function writtenRowSql(
  columns: readonly ColumnSchema[] | undefined,
  whenNone: string,
  whenSeveral: string,
  tag?: string,
): string {
  const body =
    columns === undefined ? 'null' : `pg_catalog.string_agg(pg_catalog.row_to_json(d.*)::text, '')`;
  const from =
    columns === undefined ? 'from w' : `from w cross join lateral (select ${columnList('w', columns)}) as d`;
  return `select case count(*) when 1 then ${body} when 0 then ${whenNone}::text else ${whenSeveral}::text end as body,
  count(*) as rows${tag === undefined ? '' : `, pg_catalog.string_agg(w.${tag}, '') as etag`}
${from}`;
}
