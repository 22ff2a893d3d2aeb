import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import { identifierSql } from './identifier-sql.ts';

/** `"schema"."name"`; an alias has an empty schema and stands alone. */
export function qualifiedSql(name: QualifiedName): string {
  const last = identifierSql(name.name);
  return name.schema === '' ? last : `${identifierSql(name.schema)}.${last}`;
}
