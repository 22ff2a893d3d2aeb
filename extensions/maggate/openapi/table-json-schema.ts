import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnJsonSchema, type JsonSchema } from './column-json-schema.ts';

/** A row of a table as JSON Schema: what a read answers with and a write takes. */
export function tableJsonSchema(table: TableSchema): JsonSchema {
  return {
    type: 'object',
    ...(table.comment === null ? {} : { description: table.comment }),
    properties: Object.fromEntries(table.columns.map((column) => [column.name, columnJsonSchema(column)])),
  };
}
