import type { Catalog, CatalogHiddenTable, CatalogSource, CatalogTable } from '../../../sdk/index.ts';
import type { QualifiedName } from '../data-schema.ts';

/** A table or view as relationships see it, exposed or not. */
export interface KeyTable extends QualifiedName {
  readonly id: number;
  readonly isView: boolean;
  readonly isExposed: boolean;
  /** In key order. */
  readonly primaryKey: readonly string[];
  readonly columns: readonly { readonly position: number; readonly name: string }[];
  readonly constraints: CatalogHiddenTable['constraints'];
  readonly sources: readonly CatalogSource[];
}

/** All tables of the catalogue that relationships may run through. */
export function keyTables(catalog: Catalog): readonly KeyTable[] {
  return [
    ...catalog.tables.map((table) => ({
      ...shared(table),
      isView: table.kind === 'view' || table.kind === 'materialized-view',
      isExposed: true,
    })),
    ...catalog.hidden.map((table) => ({ ...shared(table), isView: table.isView, isExposed: false })),
  ];
}

function shared(table: CatalogTable | CatalogHiddenTable): Omit<KeyTable, 'isView' | 'isExposed'> {
  const { id, schema, name, primaryKey, columns, constraints, sources } = table;
  return { id, schema, name, primaryKey, columns, constraints, sources };
}
