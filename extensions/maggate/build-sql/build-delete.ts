import type { TableSchema } from '../schema-cache/table-schema.ts';
import { keySql } from './key-sql.ts';
import { ParameterList } from './parameter-list.ts';
import { noRowSql, severalRowsSql } from './row-refusals.ts';
import type { Statement } from './statement.ts';
import { tableName } from './table-name.ts';
import { writtenRowSql } from './written-row-sql.ts';

/** DELETE of one row by its key. */
export function buildDelete(table: TableSchema): Statement {
  const parameters = new ParameterList();
  const text = `with w as (
  delete from ${tableName(table)} as t where ${keySql(table.primaryKey, parameters)} returning 1
)
${writtenRowSql(undefined, noRowSql(table), severalRowsSql(table))}`;
  return { text, parameters: parameters.all };
}
