import { rm } from 'node:fs/promises';
import { compare } from 'semver';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { Grant, InstallRequest } from '../../runtime/protocol/extensions.protocol.ts';
import { effectivePermissions } from '../broker/effective-permissions.ts';
import { bringIn } from './bring-in.ts';
import { checkConfig } from './check-config.ts';
import { checkFit } from './check-fit.ts';
import { checkGrants } from './check-grants.ts';
import { checkSignature } from './check-signature.ts';
import type { InspectedFile } from './inspect-file.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { LockedExtension } from './locked-extension.ts';
import { newPowers } from './new-powers.ts';
import { storePackage } from './store-package.ts';
import { uncovered } from './uncovered.ts';

export interface UpdateWish extends Omit<InstallRequest, 'file'> {
  /** True when the operator has decided about what a staged version asks for besides. */
  readonly decided?: boolean;
}

/**
 * Puts a newer version in the place of the one that serves, or stages it when it asks for more than that one. The same
 * package again changes projects, configuration and grants.
 * @returns whether it is in place; false: staged
 * @throws MF667 another publisher or a lesser signature, MF668 older or not fitting, MF669 not approved, and what a
 *   step threw that failed; the old version goes on in each case
 */
export async function updateVersion(
  core: LifecycleCore,
  previous: LockedExtension,
  { bytes, inspected }: InspectedFile,
  wish: UpdateWish,
): Promise<boolean> {
  const { options, paths } = core;
  const { manifest, sha256 } = inspected;
  checkSignature(inspected, wish.allowUnsigned === true, previous);
  assertNewer(previous, inspected);
  checkFit.demand(core, manifest);
  const projects = [...new Set([...previous.projects, ...wish.projects])];
  const config = checkConfig(manifest, { ...known(previous.config, manifest.config), ...wish.config });
  const added = uncovered(manifest.permissions, [...previous.manifest.permissions, ...previous.grants]);
  const powers = newPowers(manifest, previous.manifest);
  if (added.length + powers.length > 0 && wish.grants === undefined) {
    await stage(core, { previous, inspected, bytes, added, projects, config, wish });
    return false;
  }
  const grants = grantsOf(core, previous, manifest, wish);
  const demanded = wish.grants === undefined || wish.decided === true ? added : manifest.permissions;
  checkGrants(manifest, wish.grants ?? [], demanded);
  await bringIn(core, {
    previous,
    inspected,
    bytes,
    next: {
      id: manifest.id,
      name: manifest.name,
      version: manifest.version,
      publisher: inspected.publisher,
      trust: inspected.trust,
      signature: inspected.signature,
      sha256,
      folder:
        sha256 === previous.sha256 ? previous.folder : paths.folderOf(manifest.id, manifest.version, sha256),
      manifest,
      grants,
      projects,
      config,
      wanted: previous.wanted,
      reason: previous.reason,
      installedAt: later(previous.installedAt, options.now()),
    },
  });
  core.trust.rotate(inspected.rotations);
  return true;
}

function assertNewer(previous: InstalledExtension, { manifest, sha256 }: InspectedFile['inspected']): void {
  const refused = (message: string): MagFlockError => new MagFlockError('MF668', message);
  if (manifest.name !== previous.name)
    throw refused(
      `${manifest.id} is called ${previous.name} here; an update cannot change that to ${manifest.name}`,
    );
  const order = compare(manifest.version, previous.version);
  if (order < 0)
    throw refused(`${manifest.id} ${previous.version} is installed; ${manifest.version} is older`);
  if (order === 0 && sha256 !== previous.sha256)
    throw refused(
      `another package of ${manifest.id} ${manifest.version} is installed; an update has a newer version`,
    );
}

/** Grants with their times. What was granted before keeps its end. */
function grantsOf(
  { options }: LifecycleCore,
  previous: InstalledExtension,
  manifest: InstalledExtension['manifest'],
  { grants, decided }: UpdateWish,
): readonly Grant[] {
  const carried = previous.grants.flatMap((grant) => {
    const scope = effectivePermissions(manifest.permissions, [grant]).get(grant.capability);
    return scope === undefined ? [] : [{ ...grant, scope }];
  });
  if (grants === undefined) return carried;
  const grantedAt = new Date(options.now()).toISOString();
  const made = grants.map((permission) => ({ ...permission, grantedAt }));
  // A decision about a staged version is about what it adds; the rest stays as it is.
  if (decided === true) return [...carried, ...uncovered(made, carried)];
  const same = (one: Permission, other: Permission): boolean =>
    one.capability === other.capability && one.scope.join('\n') === other.scope.join('\n');
  return made.map((grant) => carried.find((one) => same(one, grant)) ?? grant);
}

interface Staging extends InspectedFile {
  readonly previous: InstalledExtension;
  readonly added: readonly Permission[];
  readonly projects: readonly string[];
  readonly config: InstalledExtension['config'];
  readonly wish: UpdateWish;
}

async function stage(core: LifecycleCore, staging: Staging): Promise<void> {
  const { options, paths, lock } = core;
  const { previous, inspected, bytes, added, projects, config, wish } = staging;
  const { sha256, manifest } = inspected;
  const before = lock.value.staged.filter(({ id }) => id === previous.id);
  await options.onStep?.('stage', 'store');
  await storePackage(paths, sha256, bytes);
  await options.onStep?.('stage', 'commit');
  await lock.change((state) => ({
    ...state,
    staged: [
      ...state.staged.filter(({ id }) => id !== previous.id),
      {
        id: previous.id,
        version: manifest.version,
        sha256,
        permissions: added,
        projects,
        config,
        allowUnsigned: wish.allowUnsigned === true,
        stagedAt: new Date(options.now()).toISOString(),
      },
    ],
  }));
  await options.onStep?.('stage', 'end');
  for (const old of before) if (old.sha256 !== sha256) await rm(paths.packageOf(old.sha256), { force: true });
}

/** Settings that the new version still knows. */
function known(
  config: InstalledExtension['config'],
  schema: Readonly<Record<string, unknown>> | undefined,
): InstalledExtension['config'] {
  const properties = (schema?.['properties'] ?? {}) as object;
  return Object.fromEntries(Object.entries(config).filter(([name]) => Object.hasOwn(properties, name)));
}

/** Times of installation tell versions apart, also when the clock was set back. */
function later(than: string, now: number): string {
  return new Date(Math.max(now, Date.parse(than) + 1)).toISOString();
}
