import { quoteIdentifier } from '../build-sql/quote-identifier.ts';

/** `schema.function` or `function` of a setting, quoted; without a schema the search path decides. */
export function qualifiedFunction(name: string): string {
  const dot = name.indexOf('.');
  if (dot === -1) return quoteIdentifier(name);
  return `${quoteIdentifier(name.slice(0, dot))}.${quoteIdentifier(name.slice(dot + 1))}`;
}
