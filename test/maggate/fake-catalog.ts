import type { Catalog, CatalogColumn, CatalogTable } from '../../extensions/sdk/index.ts';

/** A table of integer columns; the first ones are the key. */
export function fakeTable(name: string, columns: readonly string[], key: number): CatalogTable {
  return {
    schema: 'public',
    name,
    kind: 'table',
    comment: null,
    insertable: true,
    updatable: true,
    deletable: true,
    rowSecurity: false,
    primaryKey: columns.slice(0, key),
    columns: columns.map(fakeColumn),
    constraints: [],
  };
}

function fakeColumn(name: string): CatalogColumn {
  return {
    name,
    type: 'integer',
    baseType: 'int4',
    category: 'N',
    nullable: true,
    hasDefault: false,
    identity: 'none',
    generated: false,
    enumValues: null,
    comment: null,
  };
}

export function fakeCatalog(project: string, version: number, tables: readonly CatalogTable[]): Catalog {
  return { project, version, tables };
}
