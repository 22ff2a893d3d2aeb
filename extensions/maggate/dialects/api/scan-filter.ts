import type { Filter, FilterOperator } from '../../parse/filter.ts';
import { malformed } from '../../parse/malformed.ts';

const operators: ReadonlySet<string> = new Set<FilterOperator>([
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'like',
  'ilike',
  'in',
  'is',
]);

/**
 * Reads `gte.18`, `not.in.1,2`, or a plain value, which means equality. A value that looks like an operator is
 * written with `eq.` before it.
 * @param column decoded name
 * @param text decoded text after `=`
 * @throws MF405 for `not.` without an operator
 */
export function scanFilter(column: string, text: string): Filter {
  const dot = text.indexOf('.');
  // The longest operator has five letters; a dot further on belongs to a value.
  if (dot === -1 || dot > 5) return { column, negated: false, operator: 'eq', value: text };
  const word = text.slice(0, dot);
  if (word === 'not') return scanNegated(column, text.slice(dot + 1));
  if (!operators.has(word)) return { column, negated: false, operator: 'eq', value: text };
  return { column, negated: false, operator: word as FilterOperator, value: text.slice(dot + 1) };
}

function scanNegated(column: string, text: string): Filter {
  const dot = text.indexOf('.');
  const word = dot === -1 ? '' : text.slice(0, dot);
  if (!operators.has(word)) {
    throw malformed(
      column,
      `In ${column}=not.${text}, not. must be followed by an operator: ${[...operators].join(', ')}.`,
      `Write ${column}=neq.${text}, or ${column}=eq.not.${text} to look for that very text.`,
    );
  }
  return { column, negated: true, operator: word as FilterOperator, value: text.slice(dot + 1) };
}
