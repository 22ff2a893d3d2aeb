import type { ApiOperation } from '../../schema-cache/api-operation.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';

/** What a caller may do, as the overviews show it. */
export interface Access {
  allows(table: TableSchema, operation: ApiOperation): boolean;
  /** Names of the only columns it may do this with; undefined when it may with all. */
  columns(table: TableSchema, right: ColumnRight): readonly string[] | undefined;
}

/** Rights that PostgreSQL grants on columns too. */
export type ColumnRight = 'select' | 'insert' | 'update';

/** Of a secret key, which sees everything. */
export const fullAccess: Access = { allows: () => true, columns: () => undefined };
