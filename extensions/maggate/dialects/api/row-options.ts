import { malformed } from '../../parse/malformed.ts';
import { planColumns } from '../../plan/plan-columns.ts';
import type { ColumnSchema } from '../../schema-cache/column-schema.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import { parseFields } from './parse-fields.ts';
import { scanQuery } from './scan-query.ts';

/**
 * The columns that the answer to a request about one row (or about written rows) shows: `fields`, by default
 * all. Nothing else of the query makes sense there.
 * @throws MF405 for anything but `fields`, MF402 for an unknown column
 */
export function rowOptions(table: TableSchema, query: string): readonly ColumnSchema[] {
  if (query === '') return table.columns;
  const { fields, filters, further, ...others } = scanQuery(query);
  const odd =
    filters[0]?.column ??
    further?.[0]?.name ??
    Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  if (odd !== undefined) {
    throw malformed(
      odd,
      `"${odd}" has no meaning here; only fields has.`,
      `GET /api/${table.name}?… filters a list.`,
    );
  }
  return planColumns(table, fields === undefined ? undefined : parseFields(fields));
}
