import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { LifecycleCore } from './lifecycle-core.ts';

/**
 * What keeps a package from this machine, as sentences: the engine, the API, other extensions, a name that is taken.
 */
function obstaclesOf(
  { options, lock, journal }: LifecycleCore,
  manifest: ExtensionManifest,
): readonly string[] {
  const installed = lock.value.extensions;
  const arriving = journal.operations.flatMap(({ next }) => (next === null ? [] : [next]));
  const holder = [...installed, ...arriving].find(
    ({ id, name }) => name === manifest.name && id !== manifest.id,
  );
  return [
    ...options.packages.obstacles(manifest, installed),
    ...(holder === undefined ? [] : [`the name ${manifest.name} is taken by ${holder.id}`]),
  ];
}

/** Whether a package fits this machine. */
export const checkFit = {
  obstacles: obstaclesOf,
  /** @throws MF668 with every obstacle */
  demand(core: LifecycleCore, manifest: ExtensionManifest): void {
    const obstacles = obstaclesOf(core, manifest);
    if (obstacles.length === 0) return;
    throw new MagFlockError(
      'MF668',
      `${manifest.id} ${manifest.version} does not fit: ${obstacles.join('; ')}`,
      {
        details: { obstacles },
      },
    );
  },
} as const;
