import type { PlanningNode } from '../planning-node.ts';
import type { RelationSelect } from '../read-plan.ts';
import { isToOne } from './is-to-one.ts';

/** Decides, from the leaves up, what each node shows of the relations embedded in it. */
export function showRelations(node: PlanningNode): void {
  for (const child of node.children) showRelations(child);
  node.relationSelect = node.children.map(showRelation);
}

function showRelation(child: PlanningNode): RelationSelect {
  if (child.spread !== undefined) {
    return { kind: 'spread', alias: child.aggregateAlias, columns: spreadColumns(child) };
  }
  const name = child.alias ?? child.name;
  const mode = child.relationship !== undefined && isToOne(child.relationship) ? 'object' : 'array';
  return { kind: 'json', name, alias: child.aggregateAlias, mode, empty: showsNothing(child) };
}

type SpreadColumn = Extract<RelationSelect, { kind: 'spread' }>['columns'][number];

function spreadColumns(node: PlanningNode): readonly SpreadColumn[] {
  const own = node.select.map(({ alias, field }) => plain(alias ?? field.name));
  const below = node.relationSelect.flatMap((relation) =>
    relation.kind === 'json' ? [plain(relation.name)] : relation.columns,
  );
  return [...own, ...below];
}

function plain(name: string): SpreadColumn {
  return { name, aggregate: undefined, aggregateCast: undefined, alias: undefined };
}

function showsNothing(node: PlanningNode): boolean {
  return node.select.length === 0 && node.children.every(showsNothing);
}
