import { malformed } from '../../parse/malformed.ts';
import type { Condition } from '../../plan/condition.ts';
import { planCondition } from '../../plan/plan-condition.ts';
import { findColumn } from '../../schema-cache/find-column.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import { bindFilter } from './bind-filter.ts';
import { filterShape } from './filter-shape.ts';
import { scanQuery } from './scan-query.ts';

/** Conditions that a hook put on one row, looked up and bound. */
export interface RowFilter {
  /** Part of the template's key; empty for none. */
  readonly shape: string;
  readonly conditions: readonly Condition[];
  readonly parameters: readonly string[];
}

const none: RowFilter = { shape: '', conditions: [], parameters: [] };

/**
 * Reads `request.filter` for a request about one row.
 * @throws MF402 for an unknown column, MF405 for anything but filters
 */
export function rowFilter(table: TableSchema, filter: string | undefined): RowFilter {
  if (filter === undefined || filter === '') return none;
  const { filters, further, ...options } = scanQuery(filter);
  const odd = further?.[0]?.name ?? Object.entries(options).find(([, value]) => value !== undefined)?.[0];
  if (odd !== undefined) throw malformed(odd, `"${odd}" is no condition of a row.`);
  return {
    shape: `&${filters.map(filterShape).join('')}`,
    conditions: filters.map((one) => planCondition(findColumn(table, one.column, 'a filter'), one)),
    parameters: filters.filter((one) => one.operator !== 'is').map(bindFilter),
  };
}
