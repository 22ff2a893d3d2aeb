import type { JsonText } from '../../sdk/index.ts';
import { recordValueSql } from '../build-sql/record-value-sql.ts';
import type { ParameterSource } from '../build-sql/statement.ts';
import { bindValue } from '../plan/bind-value.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { hasMarks, jsonSql, marked } from './json-sql.ts';
import type { StepWriter } from './step-writer.ts';
import { typedSql } from './typed-sql.ts';

/**
 * A value for a column: bound as in a plain request, or put together from what it refers to.
 * @throws MF422 for JSON that cannot be a value of the column
 */
export function valueSql(
  table: TableSchema,
  column: ColumnSchema,
  json: JsonText,
  source: ParameterSource,
  writer: StepWriter,
): string {
  const literal = marked(json, '$literal');
  if (literal === undefined && hasMarks(json)) return typedSql(jsonSql(json, writer), column.type);
  const { text, mode } = bindValue(column, literal ?? json);
  const parameter = writer.parameter(text, source, column);
  return mode === 'record' ? recordValueSql(table, column, `${parameter}::json`) : parameter;
}
