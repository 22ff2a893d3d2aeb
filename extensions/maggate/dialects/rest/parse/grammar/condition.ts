import type { IsValue, Operation } from '../../../../query/query-params.ts';
import { delimiter } from './delimiter.ts';
import { listValue } from './list-value.ts';
import { ftsOperators, isValues, quantOperators, simpleOperators } from './operators.ts';
import type { Rule, Scanner } from './scanner.ts';

/** `not.` or not, and what is compared with what. */
export interface Condition {
  readonly negated: boolean;
  readonly operation: Operation;
}

/**
 * `[not.]operator.value`.
 * @param value how the value of an operator that takes one is read: to the end in a filter, to a comma or a closing
 * parenthesis within `and` and `or`
 */
export function condition(scanner: Scanner, value: Rule<string | undefined>): Condition | undefined {
  const negated = scanner.attempt(not);
  const operation = scanner.named('operator (eq, gt, ...)', (inner) => anyOperation(inner, value));
  return operation === undefined ? undefined : { negated, operation };
}

function not(scanner: Scanner): boolean {
  return scanner.word('not') && delimiter(scanner);
}

function anyOperation(scanner: Scanner, value: Rule<string | undefined>): Operation | undefined {
  const start = scanner.at;
  if (scanner.attempt(inDot)) {
    const values = listValue(scanner);
    return values && { kind: 'in', values };
  }
  if (scanner.attempt(isDot)) {
    const tested = scanner.named('isVal: (null, not_null, true, false, unknown)', isValue);
    return tested && { kind: 'is', value: tested };
  }
  if (scanner.attempt(isDistinctDot)) {
    const compared = value(scanner);
    return compared === undefined ? undefined : { kind: 'isdistinct', value: compared };
  }
  for (const kind of [ftsOperation, simpleOperation, quantOperation]) {
    const operation = scanner.attempt((inner) => kind(inner, value));
    if (operation !== undefined || scanner.at !== start) return operation;
  }
  return undefined;
}

function inDot(scanner: Scanner): boolean {
  return scanner.word('in') && delimiter(scanner);
}

function isDot(scanner: Scanner): boolean {
  return scanner.word('is') && delimiter(scanner);
}

function isDistinctDot(scanner: Scanner): boolean {
  return scanner.word('isdistinct') && delimiter(scanner);
}

function isValue(scanner: Scanner): IsValue | undefined {
  return isValues.find((word) => scanner.attemptWordInAnyCase(word));
}

function ftsOperation(scanner: Scanner, value: Rule<string | undefined>): Operation | undefined {
  const operator = ftsOperators.find((word) => scanner.attemptWord(word));
  if (operator === undefined) return undefined;
  const language = scanner.attempt(parenthesizedLanguage);
  if (!delimiter(scanner)) return undefined;
  const searched = value(scanner);
  return searched === undefined ? undefined : { kind: 'fts', operator, language, value: searched };
}

function parenthesizedLanguage(scanner: Scanner): string | undefined {
  if (!scanner.character('(')) return undefined;
  const language = scanner.identifier();
  return language !== undefined && scanner.character(')') ? language : undefined;
}

function simpleOperation(scanner: Scanner, value: Rule<string | undefined>): Operation | undefined {
  const operator = simpleOperators.find((word) => scanner.attemptWord(word));
  if (operator === undefined || !delimiter(scanner)) return undefined;
  const compared = value(scanner);
  return compared === undefined ? undefined : { kind: 'simple', operator, value: compared };
}

function quantOperation(scanner: Scanner, value: Rule<string | undefined>): Operation | undefined {
  const operator = quantOperators.find((word) => scanner.attemptWord(word));
  if (operator === undefined) return undefined;
  const quantifier = scanner.attempt(parenthesizedQuantifier);
  if (!delimiter(scanner)) return undefined;
  const compared = value(scanner);
  return compared === undefined ? undefined : { kind: 'quant', operator, quantifier, value: compared };
}

function parenthesizedQuantifier(scanner: Scanner): 'any' | 'all' | undefined {
  if (!scanner.character('(')) return undefined;
  const quantifier = scanner.attemptWord('any') ? 'any' : scanner.word('all') ? 'all' : undefined;
  return quantifier !== undefined && scanner.character(')') ? quantifier : undefined;
}
