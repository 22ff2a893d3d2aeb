import type { SortTerm } from '../parse/list-request.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { SortColumn } from './list-plan.ts';

/**
 * What was asked for, then the primary key, so that pages neither repeat nor miss rows of equal rank.
 * @throws MF402
 */
export function planSort(table: TableSchema, terms: readonly SortTerm[]): readonly SortColumn[] {
  const sort = new Map<ColumnSchema, SortColumn>();
  for (const term of terms) {
    const column = findColumn(table, term.column, 'sort');
    if (!sort.has(column)) sort.set(column, { column, descending: term.descending, nulls: term.nulls });
  }
  for (const column of table.primaryKey) {
    if (!sort.has(column)) sort.set(column, { column, descending: false, nulls: undefined });
  }
  return [...sort.values()];
}
