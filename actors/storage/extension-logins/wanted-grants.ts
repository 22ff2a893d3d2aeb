import type { ExtensionLoginRequest } from '../../../runtime/protocol/storage.protocol.ts';
import type { Grant } from './grant.ts';

/** A table or view of `public`, as far as grants on it go. */
export interface GrantableTable {
  readonly name: string;
  /** Of pg_class. */
  readonly kind: string;
  readonly columns: readonly string[];
  /** Sequences that its serial columns draw from. */
  readonly sequences: readonly { readonly schema: string; readonly name: string }[];
}

const writes = ['INSERT', 'UPDATE', 'DELETE'];
/** What nobody writes to: a materialized view. */
const readOnly = new Set(['m']);

/**
 * Exactly what a login of an extension gets. Tables and columns that are not there (yet) are passed over. Writing
 * some columns is INSERT and UPDATE of these and no DELETE, which would take the others along.
 * @param owner the project's owner: `*` covers what that login will make
 */
export function wantedGrants(
  request: Pick<ExtensionLoginRequest, 'schema' | 'read' | 'write'>,
  tables: readonly GrantableTable[],
  owner: string,
): readonly Grant[] {
  const wanted: Grant[] = [];
  const give = (kind: Grant['kind'], name: string, privilege: string, facts: Partial<Grant> = {}): void => {
    wanted.push({ kind, schema: 'public', name, column: null, privilege, maker: null, ...facts });
  };
  const byName = new Map(tables.map((table) => [table.name, table]));
  const cover = (asked: ExtensionLoginRequest['read'], whole: readonly string[], some: readonly string[]) => {
    const all = asked.some(({ table, columns }) => table === '*' && columns === undefined);
    if (all) for (const privilege of whole) give('default', 'tables', privilege, { maker: owner });
    const wholes = new Set(asked.filter(({ columns }) => columns === undefined).map(({ table }) => table));
    for (const table of tables) {
      if (whole !== reads && readOnly.has(table.kind)) continue;
      if (all || wholes.has(table.name)) for (const privilege of whole) give('table', table.name, privilege);
    }
    for (const { table, columns } of asked) {
      const there = byName.get(table);
      if (columns === undefined || there === undefined || all || wholes.has(table)) continue;
      if (whole !== reads && readOnly.has(there.kind)) continue;
      for (const column of columns) {
        if (!there.columns.includes(column)) continue;
        for (const privilege of some) give('table', table, privilege, { column });
      }
    }
    return all;
  };

  if (request.read.length + request.write.length > 0) give('schema', 'public', 'USAGE');
  const reads = ['SELECT'];
  cover(request.read, reads, reads);
  const all = cover(request.write, writes, ['INSERT', 'UPDATE']);
  if (all) give('default', 'sequences', 'USAGE', { maker: owner });
  for (const table of tables) {
    if (!all && !request.write.some((entry) => entry.table === table.name)) continue;
    for (const { schema, name } of table.sequences) give('sequence', name, 'USAGE', { schema });
  }
  if (request.write.length > 0 || request.schema !== null) {
    // The audit row of a write, in the write's own transaction; its MAC is the daemon's.
    give('function', 'mg_sys.append_outbox(uuid,text,text)', 'EXECUTE', { schema: 'mg_sys' });
  }
  return wanted;
}
