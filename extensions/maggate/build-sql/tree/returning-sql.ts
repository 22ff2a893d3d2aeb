import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import { columnSql } from './column-sql.ts';

/** ` RETURNING …`; a `1` for each row where nothing is asked, so that they can be counted. */
export function returningSql(table: QualifiedName, columns: readonly string[]): string {
  if (columns.length === 0) return ' RETURNING 1';
  return ` RETURNING ${columns.map((column) => columnSql(table, column)).join(', ')}`;
}
