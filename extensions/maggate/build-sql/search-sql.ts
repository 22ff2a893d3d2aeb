import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { columnName } from './column-name.ts';
import type { ParameterList } from './parameter-list.ts';

/** `(t."name"::text ilike $1 or …)`: the cast gives the one parameter one type over all columns. */
export function searchSql(columns: readonly ColumnSchema[], parameters: ParameterList): string {
  const pattern = parameters.add('search', null);
  return `(${columns.map((column) => `${columnName('t', column)}::text ilike ${pattern}`).join(' or ')})`;
}
