import { hoistAggregates } from '../../../plan/aggregate/hoist-aggregates.ts';
import { showRelations } from '../../../plan/embed/show-relations.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import { restrictRanges } from '../../../plan/restrict-ranges.ts';
import { orderSpreads } from '../../../plan/tree/order-spreads.ts';
import { apiTreeRefusals } from './api-tree-refusals.ts';

/**
 * The last steps of planning a tree, when its conditions stand.
 * @param maxRows what a row may embed at most of one relation
 * @throws MF405
 */
export function finishTree(root: PlanningNode, maxRows: number): void {
  if (root.children.length === 0) return;
  showRelations(root);
  hoistAggregates(root);
  orderSpreads(root, apiTreeRefusals);
  for (const child of root.children) restrictRanges(child, maxRows);
}
