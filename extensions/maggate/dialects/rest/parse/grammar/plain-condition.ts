import type { QuantOperator, SimpleOperator } from '../../../../query/query-params.ts';
import type { Condition } from './condition.ts';
import { quantOperators, simpleOperators } from './operators.ts';

const plain = new Map<string, 'quant' | 'simple'>([
  ...quantOperators.map((operator) => [operator, 'quant'] as const),
  ...simpleOperators.map((operator) => [operator, 'simple'] as const),
]);

/**
 * The short way for most filters: an operator, a dot and the value to the end. Gives what the whole grammar would, or
 * undefined.
 */
export function plainCondition(text: string): Condition | undefined {
  const dot = text.indexOf('.');
  const operator = text.slice(0, dot);
  const kind = dot === -1 ? undefined : plain.get(operator);
  if (kind === undefined) return undefined;
  const value = text.slice(dot + 1);
  return {
    negated: false,
    operation:
      kind === 'simple'
        ? { kind, operator: operator as SimpleOperator, value }
        : { kind, operator: operator as QuantOperator, quantifier: undefined, value },
  };
}
