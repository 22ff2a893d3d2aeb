import type { Condition } from '../plan/condition.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { keySql } from './key-sql.ts';
import { ParameterList } from './parameter-list.ts';
import { rowConditionsSql } from './row-conditions-sql.ts';
import { noRowSql, severalRowsSql } from './row-refusals.ts';
import type { Statement } from './statement.ts';
import { tableName } from './table-name.ts';
import { tagGuardSql } from './tag-guard-sql.ts';
import { writtenRowSql } from './written-row-sql.ts';

/**
 * DELETE of one row by its key.
 * @param match the row must have one of a list of tags, the last parameter
 */
export function buildDelete(
  table: TableSchema,
  conditions: readonly Condition[] = [],
  match = false,
): Statement {
  const parameters = new ParameterList();
  const where = keySql(table.primaryKey, parameters) + rowConditionsSql(table, conditions, parameters);
  const guard = match ? tagGuardSql(table, parameters) : '';
  const text = `with w as (
  delete from ${tableName(table)} as t where ${where}${guard} returning 1
)
${writtenRowSql(undefined, noRowSql(table), severalRowsSql(table))}`;
  return { text, parameters: parameters.all };
}
