import type { ReadNode } from '../../../plan/read-plan.ts';

/** Whether the rows are shown as they are: all columns and nothing embedded. Only then a relation's handler takes them. */
export function hasDefaultSelect(read: ReadNode): boolean {
  return read.children.length === 0 && read.select.length === 1 && read.select[0]!.field.name === '*';
}
