import type { Condition } from '../plan/condition.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnList } from './column-list.ts';
import { keySql } from './key-sql.ts';
import { ParameterList } from './parameter-list.ts';
import { rowConditionsSql } from './row-conditions-sql.ts';
import type { Statement } from './statement.ts';
import { tableName } from './table-name.ts';

/**
 * One row by its key. The aggregate answers with one row (body null, rows 0) when there is none. The limit is
 * for inheritance: children of a table do not share its key.
 */
export function buildRead(
  table: TableSchema,
  columns: readonly ColumnSchema[],
  conditions: readonly Condition[] = [],
): Statement {
  const parameters = new ParameterList();
  const where = keySql(table.primaryKey, parameters) + rowConditionsSql(table, conditions, parameters);
  const text = `select pg_catalog.string_agg(pg_catalog.row_to_json(r.*)::text, '') as body, count(*) as rows
from (
  select ${columnList('t', columns)} from ${tableName(table)} as t where ${where} limit 1
) as r`;
  return { text, parameters: parameters.all };
}
