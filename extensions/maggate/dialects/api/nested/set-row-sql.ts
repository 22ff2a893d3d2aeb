import { quoteIdentifier } from '../../../build-sql/quote-identifier.ts';
import type { NestedRow } from './nested-row.ts';
import type { NestedWriter } from './nested-writer.ts';
import type { FilledColumn } from './write-nested-row.ts';

/**
 * What an UPDATE of a row sets; empty where it sets nothing. PUT gives columns that the body leaves out their default;
 * the key stays.
 */
export function setRowSql(writer: NestedWriter, row: NestedRow, filled: readonly FilledColumn[]): string {
  const { table, action } = row;
  const own = row.row.filter(({ column }) => action !== 'replace' || !table.primaryKey.includes(column));
  const assigned = own.map(
    (entry) => `${quoteIdentifier(entry.column.name)} = ${writer.assigned(table, entry)}`,
  );
  const given = new Set([...own.map(({ column }) => column.name), ...filled.map(({ column }) => column)]);
  const rest =
    action === 'replace'
      ? table.columns.filter(
          (column) =>
            !given.has(column.name) && column.readOnly === undefined && !table.primaryKey.includes(column),
        )
      : [];
  return [
    ...assigned,
    ...filled.map(({ column, value }) => `${quoteIdentifier(column)} = ${value}`),
    ...rest.map(({ name }) => `${quoteIdentifier(name)} = default`),
  ].join(', ');
}
