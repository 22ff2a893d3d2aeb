import type { Condition } from '../plan/condition.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { conditionSql } from './condition-sql.ts';
import type { ParameterList } from './parameter-list.ts';

/** ` and …` for each condition that a row must meet besides having the key; nothing for none. */
export function rowConditionsSql(
  table: TableSchema,
  conditions: readonly Condition[],
  parameters: ParameterList,
): string {
  return conditions.map((condition) => ` and ${conditionSql(table, condition, parameters)}`).join('');
}
