import type { DraftNode } from '../../../plan/tree/draft-node.ts';
import { reachNode } from '../../../plan/tree/reach-node.ts';
import { restTreeRefusals } from '../errors/rest-tree-refusals.ts';
import type { RestRequest } from '../rest-request.ts';

/**
 * Puts filters, orders and limits to the relations they are for. Of a write, what stands at the top decides about the
 * rows that are written, and does not belong to the answer; nor do limits.
 * @throws PGRST108
 */
export function placeConditions(root: DraftNode, request: RestRequest, legacyNames: boolean): void {
  const { query, action, topRange } = request;
  const isWrite = action.kind === 'mutate';
  // From the last one to the first: so the nodes come to stand in PostgREST's order, and its error is the first one.
  for (let at = query.filters.length - 1; at >= 0; at -= 1) {
    const filter = query.filters[at]!;
    if (isWrite && filter.path.length === 0) continue;
    reachNode(root, filter.path, legacyNames, restTreeRefusals).filters.unshift(filter);
  }
  for (let at = query.order.length - 1; at >= 0; at -= 1) {
    const { path, terms } = query.order[at]!;
    reachNode(root, path, legacyNames, restTreeRefusals).order = terms;
  }
  if (!isWrite) {
    root.range = topRange;
    for (const [path, range] of query.ranges) {
      if (path !== '') reachNode(root, path.split('\0'), legacyNames, restTreeRefusals).range = range;
    }
  }
  for (let at = query.logic.length - 1; at >= 0; at -= 1) {
    const { path, tree } = query.logic[at]!;
    if (isWrite && path.length === 0) continue;
    reachNode(root, path, legacyNames, restTreeRefusals).logic.unshift(tree);
  }
}
