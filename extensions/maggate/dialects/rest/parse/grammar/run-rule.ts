import { unparsableQuery } from '../../errors/unparsable-query.ts';
import { faultText } from './fault-text.ts';
import { type Rule, Scanner } from './scanner.ts';
import { sourcePosition } from './source-position.ts';

/**
 * Reads a text by a rule of the grammar. What the rule leaves unread is ignored, as PostgREST does.
 * @param what what the text is, for the error: `select parameter`
 * @param shown the text as the caller wrote it; another one than `text` for a logic tree, which gets its operator
 * @throws RestError PGRST100
 */
export function runRule<T>(what: string, text: string, rule: Rule<T | undefined>, shown: string = text): T {
  const result = rule(new Scanner(text, false));
  if (result !== undefined) return result;
  const scanner = new Scanner(text, true);
  rule(scanner);
  const { fault } = scanner;
  throw unparsableQuery(
    `failed to parse ${what} (${shown})`,
    sourcePosition(text, fault.at),
    faultText(fault),
  );
}
