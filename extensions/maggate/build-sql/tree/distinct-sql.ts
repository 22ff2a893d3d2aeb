import type { ReadNode } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { columnSql } from './column-sql.ts';
import { jsonPathSql } from './json-path-sql.ts';

/** `DISTINCT ` for whole rows, `DISTINCT ON (…) ` for the first row of each, or nothing. */
export function distinctSql(
  source: QualifiedName,
  distinct: ReadNode['distinct'],
  writer: SqlWriter,
): string {
  if (distinct === undefined) return '';
  if (distinct === 'rows') return 'DISTINCT ';
  const fields = distinct.map(({ name, jsonPath }) => {
    const column = columnSql(source, name);
    if (jsonPath.length === 0) return column;
    return `pg_catalog.to_jsonb(${column})${jsonPathSql(jsonPath, writer)}`;
  });
  return `DISTINCT ON (${fields.join(', ')}) `;
}
