import type { JoinCondition } from '../../plan/read-plan.ts';
import { columnSql } from './column-sql.ts';

/** `"a_1"."id" = "schema"."b"."a_id"` */
export function joinConditionSql({ left, right }: JoinCondition): string {
  return `${columnSql(left.table, left.column)} = ${columnSql(right.table, right.column)}`;
}
