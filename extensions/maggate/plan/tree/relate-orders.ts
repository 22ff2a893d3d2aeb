import { isToOne } from '../embed/is-to-one.ts';
import type { PlanningNode } from '../planning-node.ts';
import type { PlannedOrder } from '../read-plan.ts';
import type { TreeRefusals } from './tree-refusals.ts';

/**
 * Leads `order=relation(column)` to the embedded relation's alias.
 * @throws TreeRefusals.notEmbedded, TreeRefusals.orderNotToOne when it has several rows
 */
export function relateOrders(node: PlanningNode, refusals: TreeRefusals): void {
  if (node.order.some(({ relation }) => relation !== undefined)) {
    node.order = node.order.map((term) => related(node, term, refusals));
  }
  for (const child of node.children) relateOrders(child, refusals);
}

function related(node: PlanningNode, term: PlannedOrder, refusals: TreeRefusals): PlannedOrder {
  const { relation } = term;
  if (relation === undefined) return term;
  const child = node.children.find(({ alias, name }) => (alias ?? name) === relation);
  if (child === undefined) throw refusals.notEmbedded(relation, undefined);
  if (child.relationship === undefined || !isToOne(child.relationship)) {
    throw refusals.orderNotToOne(node.depth === 0 ? node.name : node.from.name, relation);
  }
  return { ...term, relation: child.aggregateAlias };
}
