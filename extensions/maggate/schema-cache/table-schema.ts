import type { CatalogConstraint, CatalogTable } from '../../sdk/index.ts';
import type { ApiOperation } from './api-operation.ts';
import type { ColumnSchema } from './column-schema.ts';

/** A table or view as planning sees it: names resolved, operations decided. */
export interface TableSchema {
  readonly schema: string;
  readonly name: string;
  readonly kind: CatalogTable['kind'];
  readonly comment: string | null;
  readonly columns: readonly ColumnSchema[];
  readonly columnsByName: ReadonlyMap<string, ColumnSchema>;
  /** Columns of the primary key in key order; empty when there is none. */
  readonly primaryKey: readonly ColumnSchema[];
  /** Columns that `q=` looks in. */
  readonly textColumns: readonly ColumnSchema[];
  readonly constraints: ReadonlyMap<string, CatalogConstraint>;
  readonly operations: ReadonlySet<ApiOperation>;
}
