import type { DataColumn, DataSchema, DataTable } from '../../../schema-cache/data-schema.ts';
import { columnDefault } from './column-default.ts';
import { foreignKeyNote } from './foreign-key-note.ts';
import { typeFacts } from './type-facts.ts';

/** A table as a schema of OpenAPI 2.0. */
export function tableDefinition(schema: DataSchema, table: DataTable): Record<string, unknown> {
  const columns = [...table.columns.values()];
  const required = columns.filter((column) => !column.nullable).map((column) => column.name);
  return {
    ...(table.comment === null ? {} : { description: table.comment }),
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(columns.map((column) => [column.name, property(schema, table, column)])),
    type: 'object',
  };
}

function property(schema: DataSchema, table: DataTable, column: DataColumn): Record<string, unknown> {
  const constant = columnDefault(column);
  const text = description(schema, table, column);
  return {
    ...(constant === undefined ? {} : { default: constant }),
    ...(text === null ? {} : { description: text }),
    ...(column.enumValues.length === 0 ? {} : { enum: column.enumValues }),
    ...(column.maxLength === null ? {} : { maxLength: column.maxLength }),
    ...typeFacts(column.type),
  };
}

/** The column's comment, and keys in a form that tools read. */
function description(schema: DataSchema, table: DataTable, column: DataColumn): string | null {
  const notes = [
    table.primaryKey.includes(column.name) ? 'This is a Primary Key.<pk/>' : undefined,
    foreignKeyNote(schema, table, column.name),
  ].filter((note) => note !== undefined);
  if (notes.length === 0) return column.comment;
  const comment = column.comment === null ? '' : `${column.comment}\n\n`;
  return `${comment}${['Note:', ...notes].join('\n')}`;
}
