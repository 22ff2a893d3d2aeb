import type { LogicTree } from '../../query/query-params.ts';
import type { DataSchema, DataTable } from '../../schema-cache/data-schema.ts';
import type { PlannedLogic } from '../read-plan.ts';
import { planFilter } from './plan-filter.ts';

/** Resolves the fields of a tree of `and` and `or`. */
export function planLogic(schema: DataSchema, table: DataTable | undefined, tree: LogicTree): PlannedLogic {
  if (tree.kind === 'filter') return planFilter(schema, table, tree.filter);
  const children = tree.children.map((child) => planLogic(schema, table, child));
  return { kind: 'logic', negated: tree.negated, operator: tree.operator, children };
}
