import type { KeyTable } from './key-table.ts';

/** Columns of a table that a view shows: name there → names in the view. */
export interface ViewColumns {
  readonly view: KeyTable;
  readonly table: KeyTable;
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

/**
 * For each exposed view and each table that it shows columns of, which ones, through all the views between. A column
 * may be shown several times.
 */
export function viewColumns(tables: readonly KeyTable[]): readonly ViewColumns[] {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const names = new Map<number, ReadonlyMap<number, string>>();
  const nameOf = (table: KeyTable, position: number): string | undefined => {
    let known = names.get(table.id);
    if (known === undefined) {
      known = new Map(table.columns.map((column) => [column.position, column.name]));
      names.set(table.id, known);
    }
    return known.get(position);
  };
  return tables
    .filter((view) => view.isExposed && view.sources.length > 0)
    .flatMap((view) => {
      const shown = new Map<KeyTable, Map<string, string[]>>();
      const follow = (column: string, id: number, position: number, path: readonly number[]): void => {
        const table = byId.get(id);
        // `create or replace view` can make two views stand on each other.
        if (table === undefined || path.includes(id)) return;
        if (table.isView) {
          for (const source of table.sources) {
            if (source.position === position) follow(column, source.table, source.source, [...path, id]);
          }
          return;
        }
        const name = nameOf(table, position);
        if (name === undefined) return;
        const columns = shown.get(table) ?? new Map<string, string[]>();
        columns.set(name, [...(columns.get(name) ?? []), column]);
        shown.set(table, columns);
      };
      for (const { position, table, source } of view.sources) {
        const column = nameOf(view, position);
        if (column !== undefined) follow(column, table, source, [view.id]);
      }
      return [...shown].map(([table, columns]) => ({ view, table, columns }));
    });
}
