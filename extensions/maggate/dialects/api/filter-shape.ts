import type { Filter } from '../../parse/filter.ts';

/** The part of a filter that decides the statement's text: everything but the value, except for `is`. */
export function filterShape(filter: Filter): string {
  const { column, operator, value } = filter;
  const shape = `|${column.length}:${column}${filter.negated ? '!' : '.'}${operator}`;
  return operator === 'is' ? `${shape}${value.length}:${value}` : shape;
}
