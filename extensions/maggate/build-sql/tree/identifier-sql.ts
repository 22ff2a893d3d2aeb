import { quoteIdentifier } from '../quote-identifier.ts';

/**
 * A name of any origin as SQL text. No identifier of PostgreSQL holds a NUL, and in the wire protocol it would end the
 * statement in the middle: what follows one is dropped, as PostgREST does.
 */
export function identifierSql(name: string): string {
  const end = name.indexOf('\0');
  return quoteIdentifier(end === -1 ? name : name.slice(0, end));
}
