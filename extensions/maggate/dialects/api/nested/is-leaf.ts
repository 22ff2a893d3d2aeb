import type { NestedRow } from './nested-row.ts';

/** A new row with nothing around it. */
export function isLeaf({ action, parents, children }: NestedRow): boolean {
  return action === 'insert' && parents.length === 0 && children.length === 0;
}
