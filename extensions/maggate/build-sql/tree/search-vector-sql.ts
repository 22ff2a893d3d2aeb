import type { PlannedSearch } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import { columnSql } from './column-sql.ts';

/** What is searched: the column that is a vector already, or one made of the texts. */
export function searchVectorSql(source: QualifiedName, { vector, columns }: PlannedSearch): string {
  const names = columns.map((column) => columnSql(source, column));
  if (vector) return names[0]!;
  return `pg_catalog.to_tsvector(pg_catalog.concat_ws(' ', ${names.join(', ')}))`;
}
