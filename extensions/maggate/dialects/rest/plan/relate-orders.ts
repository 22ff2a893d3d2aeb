import { isToOne } from '../../../plan/embed/is-to-one.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import type { PlannedOrder } from '../../../plan/read-plan.ts';
import { notEmbedded } from '../errors/not-embedded.ts';
import { orderNotToOne } from '../errors/order-not-to-one.ts';

/**
 * Leads `order=relation(column)` to the embedded relation's alias.
 * @throws PGRST108 when it is not embedded, PGRST118 when it has several rows
 */
export function relateOrders(node: PlanningNode): void {
  if (node.order.some(({ relation }) => relation !== undefined)) {
    node.order = node.order.map((term) => related(node, term));
  }
  for (const child of node.children) relateOrders(child);
}

function related(node: PlanningNode, term: PlannedOrder): PlannedOrder {
  const { relation } = term;
  if (relation === undefined) return term;
  const child = node.children.find(({ alias, name }) => (alias ?? name) === relation);
  if (child === undefined) throw notEmbedded(relation, undefined);
  if (child.relationship === undefined || !isToOne(child.relationship)) {
    throw orderNotToOne(node.depth === 0 ? node.name : node.from.name, relation);
  }
  return { ...term, relation: child.aggregateAlias };
}
