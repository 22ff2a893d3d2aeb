import type { Filter, LogicTree } from '../../../../query/query-params.ts';
import { blankPadded } from './blank-padded.ts';
import { condition } from './condition.ts';
import { delimiter } from './delimiter.ts';
import { descend } from './descend.ts';
import { field } from './field.ts';
import type { Scanner } from './scanner.ts';
import { wholeQuotedValue } from './whole-quoted-value.ts';

/** `and(a.eq.1,not.or(b.is.null,c.in.(1,2)))`. */
export function logicTree(scanner: Scanner): LogicTree | undefined {
  const start = scanner.at;
  const filter = scanner.attempt(logicFilter);
  if (filter !== undefined) return { kind: 'filter', filter };
  if (scanner.at !== start) return undefined;
  const negated = scanner.named('negation operator (not)', optionalNot) === 'not';
  const operator = scanner.named('logic operator (and, or)', logicOperator);
  if (operator === undefined || !blankPadded(scanner, '(')) return undefined;
  const children = descend(scanner, 'logic tree', branches);
  if (children === undefined || !blankPadded(scanner, ')')) return undefined;
  return { kind: 'logic', negated, operator, children };
}

function branches(scanner: Scanner): readonly LogicTree[] | undefined {
  return scanner.separated(logicTree, comma);
}

function comma(scanner: Scanner): boolean {
  return blankPadded(scanner, ',');
}

function logicFilter(scanner: Scanner): Filter | undefined {
  const named = field(scanner);
  if (named === undefined || !delimiter(scanner)) return undefined;
  const tested = condition(scanner, logicValue);
  return tested && { field: named, negated: tested.negated, operation: tested.operation };
}

/** Succeeds without `not.` too. */
function optionalNot(scanner: Scanner): 'not' | '' {
  return scanner.attempt(not) ? 'not' : '';
}

function not(scanner: Scanner): boolean {
  return scanner.word('not') && delimiter(scanner);
}

function logicOperator(scanner: Scanner): 'and' | 'or' | undefined {
  if (scanner.attemptWord('and')) return 'and';
  return scanner.word('or') ? 'or' : undefined;
}

/** Quoted, a PostgreSQL array with its commas, or up to a comma or a closing parenthesis. */
function logicValue(scanner: Scanner): string {
  return scanner.attempt(wholeQuotedValue) ?? scanner.attempt(arrayLiteral) ?? scanner.upTo(',)');
}

function arrayLiteral(scanner: Scanner): string | undefined {
  if (!scanner.character('{')) return undefined;
  const items = scanner.upTo('{}');
  return scanner.character('}') ? `{${items}}` : undefined;
}
