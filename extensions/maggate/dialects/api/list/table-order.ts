import type { SortColumn } from '../../../plan/list-plan.ts';
import type { PlannedOrder } from '../../../plan/read-plan.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import { tableField } from './table-field.ts';
import type { TreeTarget } from './tree-target.ts';

/** A term of an order as trees have it. */
export function tableOrder(target: TreeTarget, table: TableSchema, term: SortColumn): PlannedOrder {
  const { column, descending, nulls } = term;
  const field = tableField(target, table, column);
  return { relation: undefined, field, direction: descending ? 'desc' : 'asc', nulls };
}
