import type { PlanningNode } from './planning-node.ts';

/** Keeps every node of a tree to the largest number of rows that an answer may have. */
export function restrictRanges(node: PlanningNode, maxRows: number): void {
  const { offset, limit } = node.range;
  if (limit === undefined || limit > maxRows) node.range = { offset, limit: maxRows };
  for (const child of node.children) restrictRanges(child, maxRows);
}
