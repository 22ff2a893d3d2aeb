import type { Assignment } from '../plan/write-plan.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnName } from './column-name.ts';
import type { ParameterList } from './parameter-list.ts';
import { quoteLiteral } from './quote-literal.ts';
import { tableName } from './table-name.ts';

/**
 * What a column is set to. A `record` is read by PostgreSQL out of JSON through the table's own row type, which
 * knows the composite type of the column.
 */
export function assignedSql(table: TableSchema, assignment: Assignment, parameters: ParameterList): string {
  const { column, mode } = assignment;
  if (mode === 'default') return 'default';
  const parameter = parameters.add('body', column);
  if (mode === 'value') return parameter;
  const document = `pg_catalog.json_build_object(${quoteLiteral(column.name)}, ${parameter}::json)`;
  return columnName(`(pg_catalog.json_populate_record(null::${tableName(table)}, ${document}))`, column);
}
