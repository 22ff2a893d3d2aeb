import { unparsableQuery } from '../../errors/unparsable-query.ts';
import type { Rule, Scanner } from './scanner.ts';
import { sourcePosition } from './source-position.ts';

const deepest = 64;

/**
 * Runs a rule that may lead to itself. Deeper nesting than 64 is refused: recursion costs stack, and PostgreSQL's own
 * planner would be the next to suffer.
 * @throws RestError PGRST100
 */
export function descend<T>(scanner: Scanner, what: string, rule: Rule<T>): T {
  if (scanner.depth === deepest) {
    throw unparsableQuery(
      `failed to parse ${what}`,
      sourcePosition(scanner.text, scanner.at),
      `nested deeper than ${deepest} levels`,
    );
  }
  scanner.depth += 1;
  const result = rule(scanner);
  scanner.depth -= 1;
  return result;
}
