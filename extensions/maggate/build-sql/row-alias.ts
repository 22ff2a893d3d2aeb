import type { ColumnSchema } from '../schema-cache/column-schema.ts';

/**
 * An alias under which a whole row can be named. PostgreSQL reads a bare name as a column first, so the alias
 * must not be the name of one.
 */
export function rowAlias(columns: readonly ColumnSchema[]): string {
  let alias = 'r';
  while (columns.some((column) => column.name === alias)) alias += '_';
  return alias;
}
