import { quoteIdentifier } from '../../../build-sql/quote-identifier.ts';
import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import type { WrittenRow } from './written-row.ts';

/**
 * A SELECT of one column `item`: the rows of a part as JSON, with the rows around them under the names that the body
 * gave them.
 * @param columns of the top row; of the others all are shown
 */
export function shownRowSql(row: WrittenRow, columns: readonly ColumnSchema[] = row.table.columns): string {
  const { part, parents, children } = row;
  const names = new Set([...parents, ...children].map(({ name }) => name));
  const own = columns
    .filter(({ name }) => !names.has(name))
    .map(({ name }) => `${part}.${quoteIdentifier(name)}`);
  const related = [
    ...parents.map(({ name, row: parent }) => `${objectSql(parent)} as ${quoteIdentifier(name)}`),
    ...children.map(({ name, many, rows }) => {
      const json = many ? shownListSql(rows) : objectSql(rows[0] ?? null);
      return `${json} as ${quoteIdentifier(name)}`;
    }),
  ];
  return `select pg_catalog.row_to_json(d.*) as item from (select ${[...own, ...related].join(', ')} from ${part}) as d`;
}

/** All rows of several parts as one JSON list, in their order. */
export function shownListSql(rows: readonly WrittenRow[], columns?: readonly ColumnSchema[]): string {
  if (rows.length === 0) return `'[]'::pg_catalog.json`;
  const all = rows.map((row) => shownRowSql(row, columns)).join(' union all ');
  return `(select coalesce(pg_catalog.json_agg(x.item), '[]') from (${all}) as x)`;
}

/** The key of the row that a part returns, as a JSON list of texts: what Location is made of. */
export function locationSql({ part, table }: WrittenRow): string {
  if (table.primaryKey.length === 0) return '';
  const parts = table.primaryKey.map(({ name }) => `${part}.${quoteIdentifier(name)}::text`).join(', ');
  return `,\n  (select pg_catalog.json_build_array(${parts})::text from ${part}) as header_location`;
}

function objectSql(row: WrittenRow | null): string {
  return row === null ? 'null::pg_catalog.json' : `(${shownRowSql(row)})`;
}
