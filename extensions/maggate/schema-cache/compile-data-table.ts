import type { CatalogColumn, CatalogTable } from '../../sdk/index.ts';
import type { DataColumn, DataTable } from './data-schema.ts';

/** A table that did not change is the same object in the next catalogue. */
const compiledBefore = new WeakMap<CatalogTable, DataTable>();

/** @param viewKey of a view, the key that its tables give it */
export function compileDataTable(table: CatalogTable, viewKey: readonly string[]): DataTable {
  const isView = table.kind === 'view' || table.kind === 'materialized-view';
  const primaryKey = isView ? viewKey : [...table.primaryKey].sort();
  const before = compiledBefore.get(table);
  if (before !== undefined && sameNames(before.primaryKey, primaryKey)) return before;
  const compiled: DataTable = {
    schema: table.schema,
    name: table.name,
    comment: table.comment,
    isView,
    insertable: table.insertable,
    updatable: table.updatable,
    deletable: table.deletable,
    rowSecurity: table.rowSecurity,
    primaryKey,
    columns: before?.columns ?? new Map(table.columns.map((column) => [column.name, compileColumn(column)])),
  };
  compiledBefore.set(table, compiled);
  return compiled;
}

function compileColumn(column: CatalogColumn): DataColumn {
  return {
    name: column.name,
    comment: column.comment,
    nullable: column.nullable,
    type: column.dataType,
    nominalType: column.type,
    maxLength: column.maxLength,
    default: column.default,
    generated: column.generated || column.identity === 'always',
    identityAlways: column.identity === 'always',
    enumValues: column.enumValues ?? [],
  };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}
