import type { ActiveHook, ActiveRoute, ExtensionsTable } from '../../runtime/protocol/extensions.protocol.ts';
import { effectivePermissions } from '../broker/effective-permissions.ts';
import { grantsInForce } from '../lifecycle/grants-in-force.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';

const hookTimeoutMs = 100;
const longestHookMs = 5_000;

/**
 * What the CPU threads know of the extensions in service. Hooks run in the order in which extensions were installed.
 * One that is in quarantine stays in it: its hooks then fail, and fail closed where its manifest says so.
 * @param now milliseconds since the epoch
 */
export function extensionsTable(
  inService: readonly InstalledExtension[],
  version: number,
  now: number,
): ExtensionsTable {
  const projects: Record<string, { hooks: ActiveHook[]; routes: ActiveRoute[] }> = {};
  const ordered = [...inService].sort(
    (one, other) => one.installedAt.localeCompare(other.installedAt) || one.id.localeCompare(other.id),
  );
  for (const installed of ordered) {
    const hooks = hooksOf(installed);
    const routes = routesOf(installed, now);
    for (const project of installed.projects) {
      projects[project] ??= { hooks: [], routes: [] };
      projects[project].hooks.push(...hooks);
      projects[project].routes.push(...routes);
    }
  }
  return { version, projects };
}

function hooksOf({ id, manifest }: InstalledExtension): readonly ActiveHook[] {
  return (manifest.hooks ?? []).map(({ when, tables, operations, timeoutMs, onFailure }) => ({
    extension: id,
    when,
    tables,
    operations,
    timeoutMs: Math.min(timeoutMs ?? hookTimeoutMs, longestHookMs),
    onFailure: onFailure ?? (when === 'before' ? 'refuse' : 'pass'),
  }));
}

/** Below its own name with `http.route`, and below each prefix that `http.mount` grants. */
function routesOf({ id, name, manifest, grants }: InstalledExtension, now: number): readonly ActiveRoute[] {
  const effective = effectivePermissions(manifest.permissions, grantsInForce(grants, now));
  const prefixes = (effective.get('http.mount') ?? []).filter((prefix) => prefix.startsWith('/'));
  if (effective.has('http.route')) prefixes.unshift(name);
  return prefixes.flatMap((prefix) =>
    (manifest.routes ?? []).map(({ method, path, public: open }) => ({
      extension: id,
      prefix,
      method,
      path,
      public: open === true,
    })),
  );
}
