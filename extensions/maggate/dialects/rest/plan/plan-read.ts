import { hoistAggregates } from '../../../plan/aggregate/hoist-aggregates.ts';
import { showRelations } from '../../../plan/embed/show-relations.ts';
import { nullEmbedFilter } from '../../../plan/filter/null-embed-filter.ts';
import { planLogic } from '../../../plan/filter/plan-logic.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import type { ReadNode } from '../../../plan/read-plan.ts';
import { restrictRanges } from '../../../plan/restrict-ranges.ts';
import type { DataSchema, QualifiedName } from '../../../schema-cache/data-schema.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import type { RestRequest } from '../rest-request.ts';
import { checkAggregates } from './check-aggregates.ts';
import { draftTree } from './draft-tree.ts';
import { embedRelations } from './embed-relations.ts';
import { orderSpreads } from './order-spreads.ts';
import { placeConditions } from './place-conditions.ts';
import { relateOrders } from './relate-orders.ts';

/**
 * Plans the tree of relations that a request reads, or shows of what it wrote or called. The steps are in the order of
 * PostgREST's, because that decides which of several errors is told.
 * @param table what is read; of a call, the table whose rows it gives, or the function
 * @throws PGRST108, PGRST118, PGRST123, PGRST127, PGRST200, PGRST201
 */
export function planRead(schema: DataSchema, table: QualifiedName, request: RestRequest): ReadNode {
  const { settings } = schema;
  const isWrite = request.action.kind === 'mutate';
  const draft = draftTree(table.name, request.query.select);
  placeConditions(draft, request, settings.urlUseLegacyTargetNames);
  const root = embedRelations(schema, table, draft, request.action.kind === 'read' ? 'table' : 'written');
  relateOrders(root);
  testEmbeds(root);
  if (root.children.length > 0) showRelations(root);
  if (!settings.dbAggregatesEnabled) checkAggregates(root);
  if (root.children.length > 0) {
    hoistAggregates(root);
    orderSpreads(root);
  }
  if (settings.dbMaxRows !== null && !isWrite) restrictRanges(root, settings.dbMaxRows);
  return shaped(schema, table, request, root);
}

function testEmbeds(node: PlanningNode): void {
  if (node.children.length === 0) return;
  node.where = node.where.map((logic) => nullEmbedFilter(logic, node.children));
  for (const child of node.children) testEmbeds(child);
}

/** What the /api dialect adds at the top. */
function shaped(
  schema: DataSchema,
  table: QualifiedName,
  { query }: RestRequest,
  root: PlanningNode,
): ReadNode {
  if (query.distinct === undefined && query.having === undefined) return root;
  const known = schema.tables.get(nameKey(table.schema, table.name));
  return {
    ...root,
    ...(query.distinct === undefined ? {} : { distinct: query.distinct }),
    ...(query.having === undefined
      ? {}
      : { having: query.having.map((tree) => planLogic(schema, known, tree)) }),
  };
}
