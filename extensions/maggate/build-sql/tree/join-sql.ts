import type { ReadNode, RelationSelect } from '../../plan/read-plan.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { columnSql } from './column-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { orderSql } from './order-sql.ts';

/**
 * ` LEFT JOIN LATERAL ( … ) AS "alias" ON …`: one row of a to-one relation, or all rows of a to-many one as one array.
 * @param query the statement that reads the relation
 */
export function joinSql(relation: RelationSelect, child: ReadNode, query: string, writer: SqlWriter): string {
  const alias = identifierSql(relation.alias);
  const kind = child.join === 'inner' ? 'INNER' : 'LEFT';
  const join = (rows: string, condition: string) =>
    ` ${kind} JOIN LATERAL ( ${rows} ) AS ${alias} ON ${condition}`;

  const toMany = relation.kind === 'json' ? relation.mode === 'array' : child.spread?.kind === 'to-many';
  if (!toMany) return join(query, 'TRUE');

  const arrays = relation.kind === 'spread' ? spreadArrays(relation, child, writer) : [];
  const columns = [`pg_catalog.json_agg(${alias})::jsonb AS ${alias}`, ...arrays].join(', ');
  // An aggregate always has a row: no rows make a null.
  return join(
    `SELECT ${columns} FROM (${query} ) AS ${alias}`,
    child.join === 'inner' ? `${alias} IS NOT NULL` : 'TRUE',
  );
}

/** Each column of a to-many spread as an array of its own, in the order of the rows. */
function spreadArrays(
  relation: Extract<RelationSelect, { kind: 'spread' }>,
  child: ReadNode,
  writer: SqlWriter,
): readonly string[] {
  const source = { schema: '', name: relation.alias };
  const order = child.spread?.kind === 'to-many' ? child.spread.order : [];
  return relation.columns.map(({ name, alias }) => {
    const values = `pg_catalog.json_agg(${columnSql(source, name)}${orderSql(source, order, writer)})`;
    return `COALESCE(${values},'[]')::jsonb AS ${identifierSql(alias ?? name)}`;
  });
}
