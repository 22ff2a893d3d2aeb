import type { MutatePlan } from '../../plan/mutate-plan.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { bodyRowsSql } from './body-rows-sql.ts';
import { columnSql } from './column-sql.ts';
import { identifierSql } from './identifier-sql.ts';
import { logicSql } from './logic-sql.ts';
import { qualifiedSql } from './qualified-sql.ts';
import { returningSql } from './returning-sql.ts';
import { whereLogicSql } from './where-logic-sql.ts';

/** PATCH: the columns of the body in all rows that the conditions find. */
export function updateSql(plan: Extract<MutatePlan, { kind: 'update' }>, writer: SqlWriter): string {
  if (plan.columns.length === 0) {
    // `SET` of nothing is no SQL. No rows, but with the columns that are selected from them.
    const table = { schema: '', name: plan.into.name };
    const columns = plan.returning.map((column) => columnSql(table, column));
    const none = columns.length === 0 ? 'NULL' : columns.join(', ');
    return `SELECT ${none} FROM ${qualifiedSql(plan.into)} WHERE false`;
  }
  const assignments = plan.columns.map(
    ({ name }) => `${identifierSql(name)} = ${columnSql({ schema: '', name: 'pgrst_body' }, name)}`,
  );
  const body = bodyRowsSql(
    { body: plan.body, many: plan.many, fields: plan.columns, applyDefaults: plan.applyDefaults },
    writer,
  );
  const where = whereLogicSql(plan.where.map((logic) => logicSql(plan.into, logic, writer)));
  return (
    `UPDATE ${qualifiedSql(plan.into)} SET ${assignments.join(', ')} ${body}${where}` +
    returningSql(plan.into, plan.returning)
  );
}
