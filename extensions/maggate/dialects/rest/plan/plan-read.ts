import { hoistAggregates } from '../../../plan/aggregate/hoist-aggregates.ts';
import { showRelations } from '../../../plan/embed/show-relations.ts';
import type { ReadNode } from '../../../plan/read-plan.ts';
import { restrictRanges } from '../../../plan/restrict-ranges.ts';
import { draftTree } from '../../../plan/tree/draft-tree.ts';
import { embedRelations } from '../../../plan/tree/embed-relations.ts';
import { orderSpreads } from '../../../plan/tree/order-spreads.ts';
import { relateOrders } from '../../../plan/tree/relate-orders.ts';
import { testEmbeds } from '../../../plan/tree/test-embeds.ts';
import type { DataSchema, QualifiedName } from '../../../schema-cache/data-schema.ts';
import { restTreeRefusals } from '../errors/rest-tree-refusals.ts';
import type { RestRequest } from '../rest-request.ts';
import { checkAggregates } from './check-aggregates.ts';
import { placeConditions } from './place-conditions.ts';

/**
 * Plans the tree of relations that a request reads, or shows of what it wrote or called. The steps are in the order of
 * PostgREST's, because that decides which of several errors is told.
 * @param table what is read; of a call, the table whose rows it gives, or the function
 * @throws PGRST108, PGRST118, PGRST123, PGRST127, PGRST200, PGRST201
 */
export function planRead(schema: DataSchema, table: QualifiedName, request: RestRequest): ReadNode {
  const { settings } = schema;
  const isWrite = request.action.kind === 'mutate';
  const draft = draftTree(table.name, request.query.select, restTreeRefusals);
  placeConditions(draft, request, settings.urlUseLegacyTargetNames);
  const source = request.action.kind === 'read' ? 'table' : 'written';
  const root = embedRelations(schema, table, draft, source, restTreeRefusals);
  relateOrders(root, restTreeRefusals);
  testEmbeds(root);
  if (root.children.length > 0) showRelations(root);
  if (!settings.dbAggregatesEnabled) checkAggregates(root);
  if (root.children.length > 0) {
    hoistAggregates(root);
    orderSpreads(root, restTreeRefusals);
  }
  if (settings.dbMaxRows !== null && !isWrite) restrictRanges(root, settings.dbMaxRows);
  return root;
}
