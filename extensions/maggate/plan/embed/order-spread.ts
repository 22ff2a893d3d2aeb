import { unknownField } from '../field/unknown-field.ts';
import type { PlanningNode } from '../planning-node.ts';
import type { PlannedOrder, PlannedSelect } from '../read-plan.ts';

/**
 * A spread to-many relation becomes arrays: its order is that of the aggregates, and the columns ordered by have to
 * be selected below them, by names of their own. The rows keep their order, too: it decides which of them a limit leaves.
 */
export function orderSpread(node: PlanningNode): void {
  const extraSelect = node.order.map((term, index) => ({
    alias: term.relation,
    select: selectedAs(term, orderName(node, term, index)),
  }));
  const order = node.order.map((term, index) => ({
    relation: undefined,
    field: unknownField(orderName(node, term, index)),
    direction: term.direction,
    nulls: term.nulls,
  }));
  node.spread = { kind: 'to-many', extraSelect, order };
}

/** Numbered: one column may be ordered by twice. */
function orderName(node: PlanningNode, term: PlannedOrder, index: number): string {
  return `${node.aggregateAlias}_${term.field.name}_${index + 1}`;
}

function selectedAs({ field }: PlannedOrder, alias: string): PlannedSelect {
  return { field, aggregate: undefined, aggregateCast: undefined, cast: undefined, alias };
}
