import { nullEmbedFilter } from '../filter/null-embed-filter.ts';
import type { PlanningNode } from '../planning-node.ts';

/** Turns `relation=is.null` into a test of the embedded relation, in the whole tree. */
export function testEmbeds(node: PlanningNode): void {
  if (node.children.length === 0) return;
  node.where = node.where.map((logic) => nullEmbedFilter(logic, node.children));
  for (const child of node.children) testEmbeds(child);
}
