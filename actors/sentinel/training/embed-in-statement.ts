import type { Random } from './random.ts';

const literal = /'(?:[^'\\]|'')*'|(?<![\w.'"])\d+(?![\w.'"])/g;

/** Places of a statement where a script would have put a value: its strings and numbers. */
function places(
  statement: string,
): { readonly from: number; readonly to: number; readonly isString: boolean }[] {
  return [...statement.matchAll(literal)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    isString: match[0].startsWith("'"),
  }));
}

/**
 * Puts a payload into an honest statement, as string building would.
 * @returns undefined when the payload would not break out of any literal of the statement
 */
export function injectIntoStatement(statement: string, payload: string, random: Random): string | undefined {
  const breaksString = payload.includes("'");
  const isDouble = !breaksString && payload.includes('"');
  const fitting = places(statement).filter(({ isString }) => isString === (breaksString || isDouble));
  if (fitting.length === 0) return undefined;
  const { from, to, isString } = random.pick(fitting);
  const quote = isDouble ? '"' : isString ? "'" : '';
  return statement.slice(0, from) + quote + payload + quote + statement.slice(to);
}

/** Puts an honest value into a string of a statement, escaped as it should be. */
export function escapeIntoStatement(statement: string, value: string, random: Random): string | undefined {
  const fitting = places(statement).filter(({ isString }) => isString);
  if (fitting.length === 0) return undefined;
  const { from, to } = random.pick(fitting);
  return `${statement.slice(0, from)}'${value.replaceAll("'", "''")}'${statement.slice(to)}`;
}
