import type { PlannedField } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { columnSql } from './column-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { jsonPathSql } from './json-path-sql.ts';

/** A field as it stands in conditions and orders: with its path into JSON, and as a text search vector when asked. */
export function fieldSql(source: QualifiedName, field: PlannedField, writer: SqlWriter): string {
  if (field.toTsVector === undefined) return storedSql(source, field, writer);
  const language = field.toTsVector === null ? '' : `${writer.parameter(field.toTsVector)}, `;
  return `to_tsvector(${language}${storedSql(source, field, writer)})`;
}

function storedSql(source: QualifiedName, field: PlannedField, writer: SqlWriter): string {
  if (field.fullRow) return identifierSql(source.name);
  const column = columnSql(source, field.name);
  if (field.jsonPath.length === 0) return column;
  return (field.toJson ? `pg_catalog.to_jsonb(${column})` : column) + jsonPathSql(field.jsonPath, writer);
}
