/** `orders` or `orders(id,total)`. */
export interface TableScope {
  readonly table: string;
  /** Undefined for every column, those of the future included. */
  readonly columns: readonly string[] | undefined;
}

const grammar = /^(?<table>[^()\s,*][^(),*]{0,127})(?:\((?<columns>[^()]+)\))?$/;

/** Reads a scope of `db.read` and `db.write`; undefined when it is none (`*` is not, the caller knows it). */
export function parseTableScope(scope: string): TableScope | undefined {
  const found = grammar.exec(scope)?.groups;
  const table = found?.['table']?.trim();
  if (table === undefined || table === '') return undefined;
  const columns = found?.['columns']?.split(',').map((column) => column.trim());
  if (columns?.some((column) => column === '' || column === '*')) return undefined;
  return { table, columns };
}
