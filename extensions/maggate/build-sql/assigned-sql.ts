import type { Assignment } from '../plan/write-plan.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { ParameterList } from './parameter-list.ts';
import { recordValueSql } from './record-value-sql.ts';

/** What a column is set to. */
export function assignedSql(table: TableSchema, assignment: Assignment, parameters: ParameterList): string {
  const { column, mode } = assignment;
  if (mode === 'default') return 'default';
  const parameter = parameters.add('body', column);
  if (mode === 'value') return parameter;
  return recordValueSql(table, column, `${parameter}::json`);
}
