import type { RelationSelect } from '../../plan/read-plan.ts';
import { aggregateSql } from './aggregate-sql.ts';
import { aliasSql } from './alias-sql.ts';
import { columnSql } from './column-sql.ts';
import { identifierSql } from './identifier-sql.ts';

/** The columns that a joined relation adds to its parent. */
export function relationSelectSql(relation: RelationSelect): readonly string[] {
  if (relation.kind === 'spread') {
    const source = { schema: '', name: relation.alias };
    return relation.columns.map(
      ({ name, aggregate, aggregateCast, alias }) =>
        aggregateSql(columnSql(source, name), aggregate, aggregateCast) + aliasSql(alias),
    );
  }
  if (relation.empty) return [];
  const alias = identifierSql(relation.alias);
  const value =
    relation.mode === 'object'
      ? `pg_catalog.row_to_json(${alias}.*)::jsonb`
      : `COALESCE( ${alias}.${alias}, '[]')`;
  return [`${value} AS ${identifierSql(relation.name)}`];
}
