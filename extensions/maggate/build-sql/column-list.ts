import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { columnName } from './column-name.ts';

/** `t."id", t."name"` */
export function columnList(source: string, columns: readonly ColumnSchema[]): string {
  return columns.map((column) => columnName(source, column)).join(', ');
}
