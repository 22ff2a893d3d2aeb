import type { ListRequest } from '../parse/list-request.ts';
import { malformed } from '../parse/malformed.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { ListPlan } from './list-plan.ts';
import { planColumns } from './plan-columns.ts';
import { planCondition } from './plan-condition.ts';
import { planSort } from './plan-sort.ts';

/**
 * Looks up every name of a list request. The only step that reads the schema.
 * @param optionNames names the dialect reserves, for did-you-mean (`limti` → `limit`)
 * @throws MF402 for an unknown column, MF405 for what the table cannot do
 */
export function planList(table: TableSchema, request: ListRequest, optionNames: readonly string[]): ListPlan {
  if (request.search !== undefined && table.textColumns.length === 0) {
    throw malformed(
      'q',
      `"${table.name}" has no text column that q could look in.`,
      'Filter by a column instead.',
    );
  }
  return {
    table,
    columns: planColumns(table, request.fields),
    where: request.filters.map((filter) =>
      planCondition(findColumn(table, filter.column, 'a filter', { alsoValid: optionNames }), filter),
    ),
    search: request.search === undefined ? [] : table.textColumns,
    sort: planSort(table, request.sort),
    limit: request.limit,
    skips: request.offset > 0,
    count: request.count,
  };
}
