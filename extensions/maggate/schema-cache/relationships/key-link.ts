import type { ColumnPairs } from '../data-schema.ts';
import type { ForeignKey } from './foreign-key.ts';
import type { KeyTable } from './key-table.ts';
import type { ViewColumns } from './view-columns.ts';

/** A foreign key as it holds between two relations: its own tables, or views that show all columns of an end. */
export interface KeyLink {
  readonly constraint: string;
  readonly table: KeyTable;
  readonly foreignTable: KeyTable;
  readonly columns: ColumnPairs;
  readonly isOneToOne: boolean;
  readonly isSelf: boolean;
}

/** Every pair of exposed relations that a foreign key links. */
export function keyLinks(keys: readonly ForeignKey[], shown: readonly ViewColumns[]): readonly KeyLink[] {
  const byTable = new Map<KeyTable, ViewColumns[]>();
  for (const one of shown) byTable.set(one.table, [...(byTable.get(one.table) ?? []), one]);
  return keys.flatMap((key) => {
    const { constraint, isOneToOne, table, foreignTable } = key;
    const here = ends(table, key.columns, byTable);
    const there = ends(foreignTable, key.foreignColumns, byTable);
    return here.flatMap((end) =>
      there.map((foreign) => ({
        constraint,
        isOneToOne,
        table: end.table,
        foreignTable: foreign.table,
        columns: end.columns.map((column, index) => [column, foreign.columns[index] ?? ''] as const),
        isSelf: end.table === foreign.table,
      })),
    );
  });
}

interface End {
  readonly table: KeyTable;
  readonly columns: readonly string[];
}

/** The table itself where it is exposed, and each view with all of the columns, once for each way to choose them. */
function ends(
  table: KeyTable,
  columns: readonly string[],
  byTable: ReadonlyMap<KeyTable, readonly ViewColumns[]>,
): readonly End[] {
  const found: End[] = table.isExposed ? [{ table, columns }] : [];
  for (const { view, columns: shown } of byTable.get(table) ?? []) {
    let choices: readonly (readonly string[])[] = [[]];
    for (const column of columns) {
      choices = choices.flatMap((chosen) => (shown.get(column) ?? []).map((name) => [...chosen, name]));
      // A view may show a column a hundred times; nobody names a hundred to the third of relationships.
      if (choices.length > mostChoices) choices = choices.slice(0, mostChoices);
    }
    for (const chosen of choices) found.push({ table: view, columns: chosen });
  }
  return found;
}

const mostChoices = 100;
