import type { PlannedLogic } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { aggregateSql } from './aggregate-sql.ts';
import { fieldSql } from './field-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { keysetSql } from './keyset-sql.ts';
import { operationSql } from './operation-sql.ts';
import { searchQuerySql } from './search-query-sql.ts';
import { searchVectorSql } from './search-vector-sql.ts';

/** How `rel=is.null` is written: by the joined relation, or by EXISTS where nothing is joined. */
export type NullEmbedSql = (alias: string, negated: boolean) => string;

/** A tree of conditions on one source. */
export function logicSql(
  source: QualifiedName,
  logic: PlannedLogic,
  writer: SqlWriter,
  nullEmbedSql: NullEmbedSql = joinedNullSql,
): string {
  switch (logic.kind) {
    case 'logic': {
      const children = logic.children.map((child) => logicSql(source, child, writer, nullEmbedSql));
      const joined = children.join(logic.operator === 'and' ? ' AND ' : ' OR ');
      return `${logic.negated ? 'NOT ' : ''}(${joined})`;
    }
    case 'filter': {
      const field = aggregateSql(fieldSql(source, logic.field, writer), logic.aggregate, undefined);
      return `${logic.negated ? 'NOT ' : ''}${field} ${operationSql(logic.field, logic.operation, writer)}`;
    }
    case 'search':
      return `${searchVectorSql(source, logic.search)} @@ ${searchQuerySql(logic.search, writer)}`;
    case 'keyset':
      return keysetSql(source, logic, writer);
    case 'null-embed':
      return nullEmbedSql(logic.alias, logic.negated);
  }
}

/** IS NULL would also be true of a row whose columns are all null. */
function joinedNullSql(alias: string, negated: boolean): string {
  return `${identifierSql(alias)} IS ${negated ? '' : 'NOT '}DISTINCT FROM NULL`;
}
