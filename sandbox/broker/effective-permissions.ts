import type { CapabilityName, Permission } from '../../runtime/protocol/extension-manifest.ts';
import { covers } from './covers.ts';

/** What an extension may use: per capability the scopes, `*` for all. A capability without any scope is absent. */
export type EffectivePermissions = ReadonlyMap<CapabilityName, readonly string[]>;

/**
 * Effective = requested ∩ granted, scope by scope.
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
    if (both.length > 0) effective.set(capability, [...new Set(both)]);
  }
  return effective;
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
