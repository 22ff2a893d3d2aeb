import { isToOne } from '../../../plan/embed/is-to-one.ts';
import { showRelations } from '../../../plan/embed/show-relations.ts';
import { planSort } from '../../../plan/plan-sort.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import { restrictRanges } from '../../../plan/restrict-ranges.ts';
import { orderSpreads } from '../../../plan/tree/order-spreads.ts';
import { apiTreeRefusals } from './api-tree-refusals.ts';
import { nodeTable } from './node-table.ts';
import { tableOrder } from './table-order.ts';
import type { TreeTarget } from './tree-target.ts';

/**
 * The last steps of planning a tree, when its conditions stand.
 * A row embeds at most as many of one relation as a list may have.
 * @throws MF405
 */
export function finishTree(target: TreeTarget, root: PlanningNode): void {
  if (root.children.length === 0) return;
  for (const child of root.children) orderByKey(target, child);
  showRelations(root);
  orderSpreads(root, apiTreeRefusals);
  for (const child of root.children) restrictRanges(child, target.limits.maxLimit);
}

/** Rows without an order of their own stand in that of their primary key, as they do in a list. */
function orderByKey(target: TreeTarget, node: PlanningNode): void {
  const { relationship, order, select } = node;
  const isList = relationship !== undefined && !isToOne(relationship);
  if (isList && order.length === 0 && select.every(({ aggregate }) => aggregate === undefined)) {
    const table = nodeTable(target, node);
    node.order = planSort(table, []).map((term) => tableOrder(target, table, term));
  }
  for (const child of node.children) orderByKey(target, child);
}
