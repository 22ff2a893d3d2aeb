import type { BoundRow } from '../../plan/bound-row.ts';

/** The part of a row that decides the statement's text: which columns, and how each is bound. */
export function rowShape(row: BoundRow): string {
  let shape = '';
  for (const { column, value } of row) shape += `${column.index}${value.mode === 'record' ? 'r' : 'v'}`;
  return shape;
}
