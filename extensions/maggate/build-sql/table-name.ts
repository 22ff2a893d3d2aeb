import type { TableSchema } from '../schema-cache/table-schema.ts';
import { quoteIdentifier } from './quote-identifier.ts';

/** The table, qualified and quoted. */
export function tableName(table: Pick<TableSchema, 'schema' | 'name'>): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}
