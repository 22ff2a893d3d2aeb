import { malformed } from '../../../parse/malformed.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import { scanQuery } from '../scan-query.ts';
import { readListOptions } from './list-options.ts';
import { placeFilters } from './place-filters.ts';
import { planConditionTree } from './plan-condition-tree.ts';
import type { TreeTarget } from './tree-target.ts';

/** What a hook demands is only ever a condition: it is read apart from the caller's query. */
export function demandFilter(target: TreeTarget, root: PlanningNode, filter: string | undefined): void {
  if (filter === undefined || filter === '') return;
  const { filters, further = [], ...options } = scanQuery(filter);
  const odd = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
  if (odd !== undefined) throw malformed(odd, `"${odd}" is no condition of a row.`);
  placeFilters(target, root, filters);
  for (const tree of readListOptions({ ...scanQuery(''), further }).logic) {
    root.where = [...root.where, planConditionTree(target, root, tree)];
  }
}
