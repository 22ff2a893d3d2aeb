import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import { identifierSql } from './identifier-sql.ts';
import { qualifiedSql } from './qualified-sql.ts';

/** `"schema"."table"."column"`; `*` stays a star. */
export function columnSql(source: QualifiedName, column: string): string {
  return `${qualifiedSql(source)}.${column === '*' ? '*' : identifierSql(column)}`;
}
