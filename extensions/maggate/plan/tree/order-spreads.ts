import { orderSpread } from '../embed/order-spread.ts';
import type { PlanningNode } from '../planning-node.ts';
import type { TreeRefusals } from './tree-refusals.ts';

/** @throws TreeRefusals.notPossible when a spread to-many relation has aggregates */
export function orderSpreads(node: PlanningNode, refusals: TreeRefusals): void {
  if (node.spread?.kind === 'to-many') {
    if (hasAggregates(node)) {
      throw refusals.notPossible('Aggregates are not implemented for one-to-many or many-to-many spreads.');
    }
    orderSpread(node);
  }
  for (const child of node.children) orderSpreads(child, refusals);
}

function hasAggregates(node: PlanningNode): boolean {
  if (node.select.some(({ aggregate }) => aggregate !== undefined)) return true;
  return node.relationSelect.some(
    (shown) => shown.kind === 'spread' && shown.columns.some(({ aggregate }) => aggregate !== undefined),
  );
}
