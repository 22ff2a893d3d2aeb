import type { ReadNode } from '../../../plan/read-plan.ts';
import { aggregatesOff } from '../errors/aggregates-off.ts';

/** @throws PGRST123 when there are aggregates anywhere in the tree */
export function checkAggregates(node: ReadNode): void {
  if (node.select.some(({ aggregate }) => aggregate !== undefined)) throw aggregatesOff();
  for (const child of node.children) checkAggregates(child);
}
