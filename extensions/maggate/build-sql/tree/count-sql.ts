import type { ReadNode } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { fromSql } from './from-sql.ts';
import { joinConditionSql } from './join-condition-sql.ts';
import { logicSql } from './logic-sql.ts';
import { nodeSource } from './node-source.ts';
import { readSql } from './read-sql.ts';
import { whereLogicSql } from './where-logic-sql.ts';

/**
 * A row of `1` for each row of the top, limits aside. Nothing is joined that does not decide on the number: relations
 * of inner joins and of null tests are looked up with EXISTS.
 */
export function countSql(
  node: ReadNode,
  writer: SqlWriter,
  parent: QualifiedName | undefined = undefined,
): string {
  if (node.distinct !== undefined || node.having !== undefined || node.group !== undefined) {
    const all = { ...node, order: [], range: { offset: 0, limit: undefined } };
    return `SELECT 1 FROM (${readSql(all, writer, parent)}) AS pgrst_counted`;
  }
  const source = nodeSource(node);
  const nullEmbedSql = (alias: string, negated: boolean) => {
    const child = node.children.find(({ aggregateAlias }) => aggregateAlias === alias);
    if (child === undefined) throw new Error(`No relation below has the alias ${alias}.`);
    return `${negated ? '' : 'NOT '}EXISTS (${countSql(child, writer, source)})`;
  };
  const conditions = [
    ...node.where.map((logic) => logicSql(source, logic, writer, nullEmbedSql)),
    ...node.joins.map(joinConditionSql),
    ...node.children
      .filter((child) => child.join === 'inner')
      .map((child) => `EXISTS (${countSql(child, writer, source)} )`),
  ];
  return `SELECT 1${fromSql(node, parent)}${whereLogicSql(conditions)}`;
}
