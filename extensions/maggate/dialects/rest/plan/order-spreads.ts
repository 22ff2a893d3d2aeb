import { orderSpread } from '../../../plan/embed/order-spread.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import { notImplemented } from '../errors/not-implemented.ts';

/** @throws PGRST127 when a spread to-many relation has aggregates */
export function orderSpreads(node: PlanningNode): void {
  if (node.spread?.kind === 'to-many') {
    if (hasAggregates(node)) {
      throw notImplemented('Aggregates are not implemented for one-to-many or many-to-many spreads.');
    }
    orderSpread(node);
  }
  for (const child of node.children) orderSpreads(child);
}

function hasAggregates(node: PlanningNode): boolean {
  if (node.select.some(({ aggregate }) => aggregate !== undefined)) return true;
  return node.relationSelect.some(
    (shown) => shown.kind === 'spread' && shown.columns.some(({ aggregate }) => aggregate !== undefined),
  );
}
