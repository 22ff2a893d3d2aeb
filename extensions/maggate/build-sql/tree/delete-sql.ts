import type { MutatePlan } from '../../plan/mutate-plan.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { logicSql } from './logic-sql.ts';
import { qualifiedSql } from './qualified-sql.ts';
import { returningSql } from './returning-sql.ts';
import { whereLogicSql } from './where-logic-sql.ts';

/** DELETE: all rows that the conditions find. */
export function deleteSql(plan: Extract<MutatePlan, { kind: 'delete' }>, writer: SqlWriter): string {
  const where = whereLogicSql(plan.where.map((logic) => logicSql(plan.into, logic, writer)));
  return `DELETE FROM ${qualifiedSql(plan.into)}${where}${returningSql(plan.into, plan.returning)}`;
}
