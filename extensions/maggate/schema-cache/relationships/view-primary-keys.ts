import { nameKey } from '../name-key.ts';
import type { ViewColumns } from './view-columns.ts';

/**
 * Primary key of each view: those of the tables that it shows with all key columns, one after the other by the names
 * of the tables. Of a column that is shown several times the first counts.
 */
export function viewPrimaryKeys(shown: readonly ViewColumns[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  for (const { view, table, columns } of [...shown].sort(byTable)) {
    const key = table.primaryKey.flatMap((name) => columns.get(name)?.[0] ?? []);
    if (key.length === 0 || key.length < table.primaryKey.length) continue;
    const name = nameKey(view.schema, view.name);
    keys.set(name, [...(keys.get(name) ?? []), ...key]);
  }
  return keys;
}

function byTable({ table: a }: ViewColumns, { table: b }: ViewColumns): number {
  const [left, right] = [nameKey(a.schema, a.name), nameKey(b.schema, b.name)];
  return left < right ? -1 : left > right ? 1 : 0;
}
