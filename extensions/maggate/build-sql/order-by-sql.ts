import type { SortColumn } from '../plan/list-plan.ts';
import { columnName } from './column-name.ts';

/** ` order by t."created_at" desc, t."id"`, or nothing. */
export function orderBySql(sort: readonly SortColumn[]): string {
  if (sort.length === 0) return '';
  const terms = sort.map(
    ({ column, descending, nulls }) =>
      `${columnName('t', column)}${descending ? ' desc' : ''}${nulls === undefined ? '' : ` nulls ${nulls}`}`,
  );
  return ` order by ${terms.join(', ')}`;
}
