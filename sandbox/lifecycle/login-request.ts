import type { ExtensionLoginRequest } from '../../runtime/protocol/storage.protocol.ts';
import { effectivePermissions } from '../broker/effective-permissions.ts';
import { parseTableScope } from '../broker/parse-table-scope.ts';
import { grantsInForce } from './grants-in-force.ts';
import type { InstalledExtension } from './installed-extension.ts';

/**
 * The database login that the grants in force amount to; undefined when they include nothing of a database.
 * @param now milliseconds since the epoch
 */
export function loginRequest(
  installed: Pick<InstalledExtension, 'id' | 'name' | 'manifest' | 'grants'>,
  project: string,
  now: number,
): ExtensionLoginRequest | undefined {
  const effective = effectivePermissions(
    installed.manifest.permissions,
    grantsInForce(installed.grants, now),
  );
  const read = (effective.get('db.read') ?? []).map(grantedTable);
  const write = (effective.get('db.write') ?? []).map(grantedTable);
  const ownSchema = effective.has('db.schema');
  if (read.length === 0 && write.length === 0 && !ownSchema) return undefined;
  // Hyphens are for people; a schema that needs no quotes is for whoever writes SQL.
  const schema = ownSchema ? `ext_${installed.name.replaceAll('-', '_')}` : null;
  return { project, extension: installed.id, schema, read, write };
}

/** `orders`, `orders(id,total)`, or `*`, which Storage knows. */
function grantedTable(scope: string): ExtensionLoginRequest['read'][number] {
  const parsed = parseTableScope(scope);
  if (parsed === undefined) return { table: scope };
  const { table, columns } = parsed;
  return { table, ...(columns === undefined ? {} : { columns }) };
}
