import { quoteIdentifier } from '../../../build-sql/quote-identifier.ts';
import { tableName } from '../../../build-sql/table-name.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { NestedRow } from './nested-row.ts';
import type { NestedWriter } from './nested-writer.ts';
import type { FilledColumn } from './write-nested-row.ts';

/**
 * One INSERT for rows of one table; what a row leaves out gets its default.
 * @param filled columns that come from other parts
 * @param links those of them that refer to the row above: an upsert does not take rows from another one
 */
export function insertRowsSql(
  writer: NestedWriter,
  table: TableSchema,
  rows: readonly NestedRow[],
  filled: readonly FilledColumn[],
  links: readonly FilledColumn[],
  returning: string,
): string {
  const named = table.columns.filter((column) =>
    rows.some(({ row }) => row.some((entry) => entry.column === column)),
  );
  const names = [...named.map(({ name }) => name), ...filled.map(({ column }) => column)];
  const into = `insert into ${tableName(table)} as t`;
  if (names.length === 0) {
    // VALUES needs a column; DEFAULT is a value that every column takes.
    const first = quoteIdentifier(table.columns[0]?.name ?? '');
    return `${into} (${first}) values ${rows.map(() => '(default)').join(', ')} returning ${returning}`;
  }
  const values = rows.map(({ row }) => {
    const own = named.map((column) => {
      const entry = row.find((one) => one.column === column);
      return entry === undefined ? 'default' : writer.assigned(table, entry);
    });
    return `(${[...own, ...filled.map(({ value }) => value)].join(', ')})`;
  });
  const conflict = rows[0]?.action === 'upsert' ? conflictSql(table, names, links) : '';
  const columns = names.map(quoteIdentifier).join(', ');
  return `${into} (${columns}) values ${values.join(', ')}${conflict} returning ${returning}`;
}

/** By the primary key where it is given, else by the columns that link: those of a one-to-one key are unique. */
function conflictSql(table: TableSchema, names: readonly string[], links: readonly FilledColumn[]): string {
  const key = table.primaryKey.map(({ name }) => name);
  const target = key.every((name) => names.includes(name)) ? key : links.map(({ column }) => column);
  const set = names.filter((name) => !target.includes(name));
  const assigned = (set.length === 0 ? target.slice(0, 1) : set).map((name) => {
    const column = quoteIdentifier(name);
    return `${column} = excluded.${column}`;
  });
  const own = links.map(({ column }) => `t.${quoteIdentifier(column)} = excluded.${quoteIdentifier(column)}`);
  const where = own.length === 0 ? '' : ` where ${own.join(' and ')}`;
  return ` on conflict (${target.map(quoteIdentifier).join(', ')}) do update set ${assigned.join(', ')}${where}`;
}
