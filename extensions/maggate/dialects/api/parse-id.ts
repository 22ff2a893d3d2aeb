import { ExtensionError } from '../../../sdk/index.ts';
import { percentDecode } from '../../parse/percent-decode.ts';
import { unstorable } from '../../parse/unstorable.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';

/**
 * The values of the primary key in an address: `5`, or `1,3402` for a composite key in key order. A comma inside
 * a part of a composite key is written %2C; a key of one column may hold commas as they are.
 * @param id percent-encoded
 * @throws MF406 naming the parts the key has
 */
export function parseId(table: TableSchema, id: string): readonly string[] {
  const key = table.primaryKey;
  const parts = key.length === 1 ? [id] : id.split(',');
  if (parts.length !== key.length)
    throw wrongId(table, id, `has ${parts.length} parts instead of ${key.length}`);
  return parts.map((part) => {
    const decoded = percentDecode(part, false);
    if (decoded === undefined) throw wrongId(table, id, 'is not valid percent-encoded UTF-8');
    const problem = unstorable(decoded);
    if (problem !== undefined) throw wrongId(table, id, problem);
    return decoded;
  });
}

function wrongId(table: TableSchema, id: string, reason: string): ExtensionError {
  const names = table.primaryKey.map((column) => column.name);
  return new ExtensionError(
    'MF406',
    `The id "${id}" ${reason}; the key of "${table.name}" is ${names.join(', ')}.`,
    {
      fix:
        names.length === 1
          ? `Write /api/${encodeURIComponent(table.name)}/{${names[0]}}.`
          : `Write ${names.map((name) => `{${name}}`).join(',')} with a comma inside a part as %2C.`,
      details: { table: table.name, key: names },
    },
  );
}
