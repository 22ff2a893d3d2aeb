import type { ReadNode } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { fieldSql } from './field-sql.ts';

/** `DISTINCT ` for whole rows, `DISTINCT ON (…) ` for the first row of each, or nothing. */
export function distinctSql(
  source: QualifiedName,
  distinct: ReadNode['distinct'],
  writer: SqlWriter,
): string {
  if (distinct === undefined) return '';
  if (distinct === 'rows') return 'DISTINCT ';
  return `DISTINCT ON (${distinct.map((field) => fieldSql(source, field, writer)).join(', ')}) `;
}
