import type { CapabilityName, Permission } from '../../runtime/protocol/extension-manifest.ts';
import { covers } from './covers.ts';
import { parseTableScope } from './parse-table-scope.ts';

/** What an extension may use: per capability the scopes, `*` for all. A capability without any scope is absent. */
export type EffectivePermissions = ReadonlyMap<CapabilityName, readonly string[]>;

/**
 * Effective = requested ∩ granted, scope by scope; of tables also column by column.
 * @param requested from the manifest; what an extension did not ask for it never gets
 * @param granted by the operator
 */
export function effectivePermissions(
  requested: readonly Permission[],
  granted: readonly Permission[],
): EffectivePermissions {
  const asked = scopesByCapability(requested);
  const given = scopesByCapability(granted);
  const effective = new Map<CapabilityName, readonly string[]>();
  for (const [capability, wanted] of asked) {
    const allowed = given.get(capability);
    if (allowed === undefined) continue;
    const both = [...wanted]
      .filter((scope) => covers(capability, [...allowed], scope))
      .concat([...allowed].filter((scope) => covers(capability, [...wanted], scope)));
    if (capability === 'db.read' || capability === 'db.write') {
      both.push(...commonColumns([...wanted], [...allowed]));
    }
    if (both.length > 0) effective.set(capability, [...new Set(both)]);
  }
  return effective;
}

/** Of scopes of which neither covers the other: `orders(id,total)` and `orders(total,note)` have `orders(total)`. */
function commonColumns(wanted: readonly string[], allowed: readonly string[]): readonly string[] {
  const common: string[] = [];
  for (const one of wanted.map(parseTableScope)) {
    if (one?.columns === undefined) continue;
    for (const other of allowed.map(parseTableScope)) {
      if (other?.columns === undefined || other.table !== one.table) continue;
      const columns = one.columns.filter((column) => other.columns?.includes(column));
      const within = columns.length === one.columns.length || columns.length === other.columns.length;
      if (columns.length > 0 && !within) common.push(`${one.table}(${columns.join(',')})`);
    }
  }
  return common;
}

function scopesByCapability(permissions: readonly Permission[]): Map<CapabilityName, Set<string>> {
  const scopes = new Map<CapabilityName, Set<string>>();
  for (const { capability, scope } of permissions) {
    const known = scopes.get(capability) ?? new Set();
    for (const item of scope) known.add(item);
    scopes.set(capability, known);
  }
  return scopes;
}
