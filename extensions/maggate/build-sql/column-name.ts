import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { quoteIdentifier } from './quote-identifier.ts';

/** A column of the row source named `source` (an alias of ours), quoted. */
export function columnName(source: string, column: ColumnSchema): string {
  return `${source}.${quoteIdentifier(column.name)}`;
}
