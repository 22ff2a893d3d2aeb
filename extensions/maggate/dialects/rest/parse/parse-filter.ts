import { type Condition, condition } from './grammar/condition.ts';
import { plainCondition } from './grammar/plain-condition.ts';
import { runRule } from './grammar/run-rule.ts';
import { Scanner } from './grammar/scanner.ts';

/**
 * Value of a filter: `not.eq.5`.
 * @param perhapsArgument a value that does not begin as a filter is an argument: undefined
 * @throws RestError PGRST100
 */
export function parseFilter(value: string, perhapsArgument: boolean): Condition | undefined {
  const plain = plainCondition(value);
  if (plain !== undefined) return plain;
  const scanner = new Scanner(value, false);
  const parsed = filter(scanner);
  if (parsed !== undefined) return parsed;
  // Only what failed before it took a character has an alternative: `in.x` is a broken filter all the same.
  return perhapsArgument && scanner.at === 0 ? undefined : runRule('filter', value, filter);
}

function filter(scanner: Scanner): Condition | undefined {
  return condition(scanner, rest);
}

function rest(scanner: Scanner): string {
  return scanner.rest();
}
