import type { PlannedOrder } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { fieldSql } from './field-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { searchQuerySql } from './search-query-sql.ts';
import { searchVectorSql } from './search-vector-sql.ts';

/** What rows are ordered by. A term of an embedded relation is looked up in the join of that name. */
export function orderTermSql(source: QualifiedName, order: PlannedOrder, writer: SqlWriter): string {
  const { relation, field, rank, output } = order;
  if (rank !== undefined) {
    return `pg_catalog.ts_rank(${searchVectorSql(source, rank)}, ${searchQuerySql(rank, writer)})`;
  }
  if (output === true) return identifierSql(field.name);
  return fieldSql(relation === undefined ? source : { schema: '', name: relation }, field, writer);
}
