import { defaultDataApiSettings } from '../../actors/storage/settings/default-data-api-settings.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../../extensions/sdk/index.ts';

/** A table of integer columns; the first ones are the key. */
export function fakeTable(name: string, columns: readonly string[], key: number): CatalogTable {
  return {
    id: 0,
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
    sources: [],
  };
}

function fakeColumn(name: string, index: number): CatalogColumn {
  return {
    position: index + 1,
    name,
    type: 'integer',
    dataType: 'integer',
    baseType: 'int4',
    category: 'N',
    maxLength: null,
    nullable: true,
    hasDefault: false,
    default: null,
    identity: 'none',
    generated: false,
    enumValues: null,
    comment: null,
  };
}

export function fakeCatalog(project: string, version: number, tables: readonly CatalogTable[]): Catalog {
  return {
    project,
    version,
    serverVersion: 180000,
    settings: defaultDataApiSettings,
    tables,
    hidden: [],
    routines: [],
    computedRelationships: [],
    representations: [],
    mediaHandlers: [],
    roles: [],
    schemas: [],
    digests: {},
    unchanged: [],
  };
}
