import type { ArgumentValue } from '../../plan/call-plan.ts';
import type { RoutineParameter } from '../../schema-cache/data-schema.ts';
import type { SqlWriter } from '../sql-writer.ts';
import { identifierSql } from './identifier-sql.ts';
import { textArray } from './text-array.ts';

/** `"a" := $1::integer, VARIADIC "b" := $2::text[]`: arguments of the query string or of a form. */
export function directArgumentsSql(
  parameters: readonly RoutineParameter[],
  values: ReadonlyMap<string, ArgumentValue>,
  writer: SqlWriter,
): string {
  return parameters
    .map(({ name, typeMaxLength, variadic }) => {
      const value = values.get(name);
      const text = value === undefined ? null : valueText(value);
      const argument = writer.parameter(text, { column: name, type: typeMaxLength });
      return `${variadic ? 'VARIADIC ' : ''}${identifierSql(name)} := ${argument}`;
    })
    .join(', ');
}

function valueText(value: ArgumentValue): string {
  return value.kind === 'fixed' ? value.value : textArray(value.values);
}
