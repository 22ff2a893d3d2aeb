import semver from 'semver';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { TrustLevel } from '../protocol/trust-level.ts';

/** What a package meets on this machine. */
export interface MachineFacts {
  /** Version of MagFlock. */
  readonly engine: string;
  /** Newest version of the API between host and guest that this MagFlock speaks; it speaks the ones before too. */
  readonly extensionApi: number;
  /** Parts of the machine. */
  readonly components: readonly string[];
  readonly installed: readonly {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly trust?: TrustLevel;
    /** With it, dependents of the package are asked too. */
    readonly manifest?: Pick<ExtensionManifest, 'dependencies'>;
  }[];
}

export interface CompatibilityOptions {
  /** How far the new package is trusted. */
  readonly trust?: TrustLevel;
  /** Lets an older version take the place of a newer one. */
  readonly allowDowngrade?: boolean;
}

const rank: Readonly<Record<TrustLevel, number>> = { unsigned: 0, signed: 1, core: 2 };

/**
 * Why an extension cannot be installed here, in sentences that say what is needed and what is here.
 * @returns empty when nothing stands in the way
 */
export function compatibility(
  manifest: ExtensionManifest,
  machine: MachineFacts,
  options: CompatibilityOptions = {},
): readonly string[] {
  return [
    ...ofEngine(manifest, machine),
    ...ofComponents(manifest, machine),
    ...ofDependencies(manifest, machine),
    ...ofName(manifest, machine),
    ...ofReplaced(manifest, machine, options),
    ...ofDependents(manifest, machine),
  ];
}

function ofEngine({ engine, extensionApi = 1 }: ExtensionManifest, machine: MachineFacts): readonly string[] {
  const found: string[] = [];
  if (engine !== undefined && !fits(machine.engine, engine)) {
    found.push(`It needs MagFlock ${engine}; this is ${machine.engine}.`);
  }
  if (extensionApi > machine.extensionApi) {
    found.push(
      `It needs version ${extensionApi} of the extension API; this MagFlock has ${machine.extensionApi}.`,
    );
  }
  return found;
}

function ofComponents({ requiredComponents }: ExtensionManifest, machine: MachineFacts): readonly string[] {
  return requiredComponents
    .filter((name) => !machine.components.includes(name))
    .map((name) => `It needs the part ${name}; this machine has ${machine.components.join(', ') || 'none'}.`);
}

function ofDependencies({ dependencies = {} }: ExtensionManifest, machine: MachineFacts): readonly string[] {
  return Object.entries(dependencies).flatMap(([id, range]) => {
    const there = machine.installed.find((one) => one.id === id);
    if (there === undefined) return [`It needs the extension ${id} ${range}; it is not installed.`];
    return fits(there.version, range)
      ? []
      : [`It needs the extension ${id} ${range}; ${there.version} is installed.`];
  });
}

function ofName({ id, name }: ExtensionManifest, machine: MachineFacts): readonly string[] {
  const other = machine.installed.find((one) => one.name === name && one.id !== id);
  return other === undefined
    ? []
    : [`The name ${name} is taken by ${other.id}: its routes would be the same. Remove that one first.`];
}

function ofReplaced(
  { id, version }: ExtensionManifest,
  machine: MachineFacts,
  { trust, allowDowngrade = false }: CompatibilityOptions,
): readonly string[] {
  const before = machine.installed.find((one) => one.id === id);
  if (before === undefined) return [];
  const found: string[] = [];
  if (!allowDowngrade && semver.lt(version, before.version)) {
    found.push(
      `Version ${before.version} is installed and ${version} is older: it may have faults that were mended.`,
    );
  }
  if (trust !== undefined && before.trust !== undefined && rank[trust] < rank[before.trust]) {
    found.push(
      `The installed version is ${before.trust} and this one is ${trust}: an update cannot lose trust.`,
    );
  }
  return found;
}

/** Whether those that need it can live with this version. */
function ofDependents({ id, version }: ExtensionManifest, machine: MachineFacts): readonly string[] {
  return machine.installed.flatMap((one) => {
    const range = one.manifest?.dependencies?.[id];
    return range === undefined || fits(version, range)
      ? []
      : [`${one.id} needs ${id} ${range}; this is ${version}.`];
  });
}

/** A pre-release of MagFlock counts as the version it becomes. */
function fits(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true });
}
