import { createHash } from 'node:crypto';
import type { ScannedQuery } from '../scanned-query.ts';
import { parseTreeFields } from './parse-tree-fields.ts';

/**
 * A digest of everything in a query that decides which rows a list has, whatever order it was written in: filters,
 * searches, relations that must be there. Not of what is shown, how it is sorted, and how long a page is.
 */
export function filterDigest({ filters, further, q, fields }: ScannedQuery): string {
  const facts = [
    ...filters.map(({ column, negated, operator, value }) => ['filter', column, negated, operator, value]),
    ...(further ?? []).filter(({ name }) => name !== 'cursor').map(({ name, value }) => [name, value]),
    ...(q === undefined ? [] : [['q', q]]),
    // Inner joins may stand at any depth; a list with one is bound to all that it embeds.
    ...(fields?.includes('!inner') ? [['fields', JSON.stringify(parseTreeFields(fields))]] : []),
  ];
  const sorted = facts.map((fact) => JSON.stringify(fact)).sort();
  return createHash('sha256').update(sorted.join('\n')).digest('base64url').slice(0, 16);
}
