import { ExtensionError } from '../../sdk/index.ts';
import type { ColumnSchema } from './column-schema.ts';
import { nearestName } from './nearest-name.ts';
import type { TableSchema } from './table-schema.ts';

const mostNamesListed = 30;

/**
 * The column of this name.
 * @param place where it was named: `sort`, `fields`, `the body` …
 * @param options.code MF402 in the address (400), MF423 in a body (422)
 * @param options.alsoValid names that are right in this place without being columns: `limit`, `sort` …
 * @throws MF402 or MF423 with the nearest name
 */
export function findColumn(
  table: TableSchema,
  name: string,
  place: string,
  options: { readonly code?: 'MF402' | 'MF423'; readonly alsoValid?: readonly string[] } = {},
): ColumnSchema {
  const column = table.columnsByName.get(name);
  if (column !== undefined) return column;
  const near = nearestName(name, [...table.columnsByName.keys(), ...(options.alsoValid ?? [])]);
  throw new ExtensionError(
    options.code ?? 'MF402',
    `"${table.name}" has no column "${name}" (named in ${place}).`,
    {
      fix: near === undefined ? `Its columns are: ${listed(table)}.` : `Did you mean "${near}"?`,
      details: { table: table.name, column: name, ...(near === undefined ? {} : { didYouMean: near }) },
    },
  );
}

function listed(table: TableSchema): string {
  const names = table.columns.map((column) => column.name);
  const shown = names.slice(0, mostNamesListed).join(', ');
  return names.length > mostNamesListed ? `${shown} and ${names.length - mostNamesListed} more` : shown;
}
