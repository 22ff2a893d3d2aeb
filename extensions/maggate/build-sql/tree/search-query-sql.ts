import type { PlannedSearch } from '../../plan/read-plan.ts';
import type { SqlWriter } from '../sql-writer.ts';

/** The words as a query, with the default configuration of text search; no words are an error in it. */
export function searchQuerySql(search: PlannedSearch, writer: SqlWriter): string {
  return `pg_catalog.websearch_to_tsquery(${writer.parameter(search.words, { source: 'search' })})`;
}
