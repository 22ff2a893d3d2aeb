import type { Filter, IsTest } from '../parse/filter.ts';
import { malformed } from '../parse/malformed.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { Condition } from './condition.ts';

const tests: ReadonlySet<string> = new Set<IsTest>(['null', 'not_null', 'true', 'false']);

/**
 * A filter on a column that was found.
 * @throws MF405 for a test or operator the column's type does not have
 */
export function planCondition(column: ColumnSchema, filter: Filter): Condition {
  const { negated, operator } = filter;
  if (operator === 'is') return { kind: 'is', column, negated, test: isTest(column, filter.value) };
  if (operator === 'in') {
    if (column.kind === 'array' || column.kind === 'composite') {
      throw malformed(
        column.name,
        `in is not available for "${column.name}", a column of type ${column.type}.`,
        `Compare with one value: ${column.name}=eq.${column.kind === 'array' ? '{a,b}' : '(a,b)'}.`,
      );
    }
    return { kind: 'in', column, negated };
  }
  return { kind: 'comparison', column, negated, operator };
}

function isTest(column: ColumnSchema, test: string): IsTest {
  if (!tests.has(test)) {
    throw malformed(
      column.name,
      `${column.name}=is.${test} is not known; allowed are is.null, is.not_null, is.true and is.false.`,
      `To compare with that text write ${column.name}=eq.is.${test}.`,
    );
  }
  if ((test === 'true' || test === 'false') && column.kind !== 'boolean') {
    throw malformed(
      column.name,
      `is.${test} needs a boolean column; "${column.name}" is ${column.type}.`,
      `Write ${column.name}=eq.${test} to compare with that value.`,
    );
  }
  return test as IsTest;
}
