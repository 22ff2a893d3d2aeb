import { hash } from 'node:crypto';

/**
 * The tag of a row: a digest of its JSON with all columns in the order of the table, as PostgreSQL made it. What
 * `rowTagSql` makes in the database.
 */
export function rowTag(json: string): string {
  return hash('sha256', json, 'base64').slice(0, 22);
}
