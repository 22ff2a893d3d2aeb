import type { OrderTerm } from '../../query/query-params.ts';
import type { DataSchema, DataTable, QualifiedName, Relationship } from '../../schema-cache/data-schema.ts';
import { nameKey } from '../../schema-cache/name-key.ts';
import { isToOne } from '../embed/is-to-one.ts';
import { joinConditions } from '../embed/join-conditions.ts';
import { resolveField } from '../field/resolve-field.ts';
import { unknownField } from '../field/unknown-field.ts';
import { planFilter } from '../filter/plan-filter.ts';
import { planLogic } from '../filter/plan-logic.ts';
import type { PlanningNode } from '../planning-node.ts';
import type { PlannedLogic, PlannedOrder, SpreadKind } from '../read-plan.ts';
import { planSelect } from '../select/plan-select.ts';
import type { DraftNode } from './draft-node.ts';
import { findRelationship } from './find-relationship.ts';
import type { TreeRefusals } from './tree-refusals.ts';

/** Where a node's rows come from. */
interface Source {
  readonly from: QualifiedName;
  readonly fromAlias: string | undefined;
  /** The table whose columns they have. */
  readonly table: QualifiedName;
  readonly relationship: Relationship | undefined;
  readonly aggregateAlias: string;
  readonly spread: SpreadKind | undefined;
  readonly parentAlias: string | undefined;
}

/** What every node of a tree is planned with. */
interface Context {
  readonly schema: DataSchema;
  /** Schema of all tables. */
  readonly namespace: string;
  readonly refusals: TreeRefusals;
}

const noSpread = { kind: 'to-many', extraSelect: [], order: [] } as const;

/**
 * Looks the relations of a tree up, from the top down, and resolves the fields of each in its table.
 * @param source `table`: the rows are read from it; `written`: they come from a write or call under the table's name
 * @throws TreeRefusals.noRelationship, TreeRefusals.severalRelationships
 */
export function embedRelations(
  schema: DataSchema,
  table: QualifiedName,
  root: DraftNode,
  source: 'table' | 'written',
  refusals: TreeRefusals,
): PlanningNode {
  const place: Source = {
    from: source === 'table' ? table : { schema: '', name: 'pgrst_source' },
    fromAlias: source === 'table' ? undefined : table.name,
    table,
    relationship: undefined,
    aggregateAlias: '',
    spread: undefined,
    parentAlias: undefined,
  };
  return planNode({ schema, namespace: table.schema, refusals }, root, place, false);
}

function planNode(context: Context, draft: DraftNode, place: Source, aggregatedAbove: boolean): PlanningNode {
  const { schema } = context;
  const { relationship, fromAlias, parentAlias, spread } = place;
  const table = schema.tables.get(nameKey(place.table.schema, place.table.name));
  const expand =
    aggregatedAbove ||
    spread?.kind === 'to-many' ||
    draft.fields.some(({ aggregate }) => aggregate !== undefined);
  const node: PlanningNode = {
    select: planSelect(schema, table, draft.fields, { expand, spread: spread !== undefined }),
    from: place.from,
    fromAlias,
    where: planConditions(schema, table, draft),
    order: draft.order.map((term) => planOrder(table, term)),
    range: draft.range,
    name: draft.relation,
    relationship,
    joins: relationship === undefined ? [] : joinConditions(relationship, fromAlias, parentAlias),
    alias: draft.alias,
    aggregateAlias: place.aggregateAlias,
    hint: draft.hint,
    join: draft.join,
    spread,
    relationSelect: [],
    depth: draft.depth,
    legacyTargetName: draft.legacyTargetName,
    children: [],
  };
  if (draft.children.length > 0) {
    node.children = draft.children.map((child) =>
      planNode(context, child, placeChild(context, child, place), expand),
    );
  }
  return node;
}

function placeChild(context: Context, draft: DraftNode, parent: Source): Source {
  const { schema, namespace, refusals } = context;
  const { relation, depth, hint } = draft;
  const found = findRelationship(schema, namespace, parent.table.name, relation, hint, refusals);
  const foreign = found.foreignTable;
  const isJunction = found.kind === 'foreign-key' && found.cardinality.kind === 'many-to-many';
  const spreadOne: SpreadKind = isToOne(found) ? { kind: 'to-one' } : noSpread;
  return {
    from: foreign,
    fromAlias: isJunction ? undefined : `${foreign.name}_${depth}`,
    table: foreign,
    relationship: found,
    aggregateAlias: `${found.table.name}_${draft.alias ?? relation}_${depth}`,
    spread: draft.spread ? spreadOne : undefined,
    parentAlias: parent.fromAlias,
  };
}

function planConditions(
  schema: DataSchema,
  table: DataTable | undefined,
  { filters, logic }: DraftNode,
): readonly PlannedLogic[] {
  const planned = logic.map((tree) => planLogic(schema, table, tree));
  for (const filter of filters) planned.push(planFilter(schema, table, filter));
  return planned;
}

function planOrder(table: DataTable | undefined, term: OrderTerm): PlannedOrder {
  const { relation, field, direction, nulls } = term;
  const planned =
    relation === undefined ? resolveField(table, field) : unknownField(field.name, field.jsonPath);
  return { relation, field: planned, direction, nulls };
}
