import { buildTreeRow } from '../../../build-sql/build-tree-list.ts';
import { malformed } from '../../../parse/malformed.ts';
import type { PlannedLogic } from '../../../plan/read-plan.ts';
import type { ApiPlan } from '../api-plan.ts';
import { parseId } from '../parse-id.ts';
import type { ScannedQuery } from '../scanned-query.ts';
import { demandFilter } from './demand-filter.ts';
import { finishTree } from './finish-tree.ts';
import { parseTreeFields } from './parse-tree-fields.ts';
import { placeFilters } from './place-filters.ts';
import { planTree } from './plan-tree.ts';
import { shownNames } from './shown-names.ts';
import { tableField } from './table-field.ts';
import { treePlan } from './tree-plan.ts';
import type { TreeTarget } from './tree-target.ts';

/**
 * GET /api/{table}/{id} with relations in `fields`. Filters, sorts and limits of what is embedded are taken, others
 * have no meaning for one row.
 * @throws MF402, MF405, MF406, MF408
 */
export function planTreeRow(
  target: TreeTarget,
  id: string,
  scanned: ScannedQuery,
  filter: string | undefined,
): ApiPlan {
  const { table } = target;
  const { fields = '', filters, further, ...others } = scanned;
  const select = parseTreeFields(fields);
  const odd =
    further?.[0]?.name ??
    filters.find(({ column }) => table.columnsByName.has(column))?.column ??
    Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  if (odd !== undefined) {
    throw malformed(
      odd,
      `"${odd}" has no meaning here; only fields has.`,
      `GET /api/${table.name}?… filters a list.`,
    );
  }
  const root = planTree(target, select);
  if (root.select.some(({ aggregate }) => aggregate !== undefined)) {
    throw malformed(
      'fields',
      'One row has no aggregates.',
      'Put them into what is embedded: items(count()).',
    );
  }
  const key = parseId(table, id).map((value, index): PlannedLogic => {
    const column = table.primaryKey[index]!;
    const exact = { source: 'id' as const, ...(column.kind === 'composite' ? { type: column.type } : {}) };
    const operation = { kind: 'quant', operator: 'eq', quantifier: undefined, value, exact } as const;
    return { kind: 'filter', field: tableField(target, table, column), negated: false, operation };
  });
  root.where = key;
  placeFilters(target, root, filters);
  demandFilter(target, root, filter);
  finishTree(target, root);
  root.range = { offset: 0, limit: 1 };
  return treePlan(target, root, buildTreeRow(root, shownNames(root)), 'read');
}
