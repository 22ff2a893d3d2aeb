import { nameKey } from '../name-key.ts';
import type { KeyTable } from './key-table.ts';

/** A foreign key between two tables of the catalogue. */
export interface ForeignKey {
  readonly constraint: string;
  readonly table: KeyTable;
  readonly foreignTable: KeyTable;
  readonly columns: readonly string[];
  readonly foreignColumns: readonly string[];
  /** The columns are a primary or unique key of their own table too: at most one row there refers to one here. */
  readonly isOneToOne: boolean;
}

/** All foreign keys whose both ends are in the catalogue. */
export function foreignKeys(tables: readonly KeyTable[]): readonly ForeignKey[] {
  const byName = new Map(tables.map((table) => [nameKey(table.schema, table.name), table]));
  return tables.flatMap((table) =>
    table.constraints.flatMap(({ name, kind, columns, references }): readonly ForeignKey[] => {
      if (kind !== 'foreign' || references === null) return [];
      const foreignTable = byName.get(nameKey(references.schema, references.table));
      if (foreignTable === undefined) return [];
      const foreignColumns = references.columns;
      const isOneToOne = isKey(table, columns);
      return [{ constraint: name, table, foreignTable, columns, foreignColumns, isOneToOne }];
    }),
  );
}

function isKey(table: KeyTable, columns: readonly string[]): boolean {
  return table.constraints.some(
    (key) =>
      (key.kind === 'primary' || key.kind === 'unique') &&
      key.columns.length === columns.length &&
      key.columns.every((column) => columns.includes(column)),
  );
}
