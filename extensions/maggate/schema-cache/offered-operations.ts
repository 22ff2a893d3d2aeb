import type { CatalogTable } from '../../sdk/index.ts';
import type { ApiOperation } from './api-operation.ts';

/**
 * The operations a table offers. A row is addressed by its primary key, so without one there is only list and
 * create: 6 endpoints with a key, 2 without, 1 for a view that takes no rows.
 */
export function offeredOperations(table: CatalogTable): ReadonlySet<ApiOperation> {
  const operations = new Set<ApiOperation>(['list']);
  if (table.insertable) operations.add('create');
  if (table.primaryKey.length > 0) {
    operations.add('read');
    if (table.updatable) operations.add('replace').add('update');
    if (table.deletable) operations.add('delete');
  }
  return operations;
}
