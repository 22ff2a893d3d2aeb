import type { Aggregate } from '../../query/query-params.ts';
import type { PlanningNode } from '../planning-node.ts';
import type { PlannedSelect, RelationSelect } from '../read-plan.ts';

interface Hoisted {
  /** Alias of the relation it is shown by. */
  readonly alias: string;
  /** Name of the column it is taken from. */
  readonly name: string;
  readonly aggregate: Aggregate;
  readonly aggregateCast: string | undefined;
  readonly shownAs: string | undefined;
}

/**
 * Lifts aggregates out of spread to-one relations to the node that shows them: below, each would see a single row.
 * Relations shown as JSON, spread to-many ones and the top keep their own.
 */
export function hoistAggregates(root: PlanningNode): void {
  hoist(root);
}

function hoist(node: PlanningNode): readonly Hoisted[] {
  const below = node.children.flatMap(hoist);
  if (node.depth > 0 && node.spread?.kind === 'to-one') {
    const own = node.select.flatMap((select) => hoisted(node.aggregateAlias, select));
    if (own.length > 0) node.select = node.select.map(withoutAggregate);
    return [...own, ...below.map((each) => ({ ...each, alias: node.aggregateAlias }))];
  }
  if (below.length > 0) node.relationSelect = node.relationSelect.map((shown) => aggregated(shown, below));
  return [];
}

function hoisted(alias: string, select: PlannedSelect): readonly Hoisted[] {
  const { aggregate, aggregateCast, field } = select;
  if (aggregate === undefined) return [];
  const name = select.alias ?? field.name;
  return [{ alias, name, aggregate, aggregateCast, shownAs: select.alias }];
}

function withoutAggregate(select: PlannedSelect): PlannedSelect {
  return select.aggregate === undefined
    ? select
    : { ...select, aggregate: undefined, aggregateCast: undefined };
}

function aggregated(shown: RelationSelect, hoistedOnes: readonly Hoisted[]): RelationSelect {
  if (shown.kind !== 'spread') return shown;
  const columns = shown.columns.map((column) => {
    const found = hoistedOnes.find(({ alias, name }) => alias === shown.alias && name === column.name);
    if (found === undefined) return column;
    const { aggregate, aggregateCast, shownAs } = found;
    return { name: column.name, aggregate, aggregateCast, alias: shownAs };
  });
  return { ...shown, columns };
}
