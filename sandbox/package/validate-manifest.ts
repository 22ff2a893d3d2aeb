import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import { firstMisfit } from './first-misfit.ts';
import { manifestSchema } from './manifest-schema.ts';

/**
 * Checks the shape of a manifest before any code of the extension runs.
 * @param source where it came from, for the message
 * @throws MF620 naming the field
 */
export function validateManifest(manifest: unknown, source: string): ExtensionManifest {
  const misfit = firstMisfit(manifestSchema, manifest);
  if (misfit === undefined) return manifest as ExtensionManifest;
  const field = misfit.field || 'manifest';
  throw new MagFlockError('MF620', `The manifest of ${source} is invalid: ${field} ${misfit.problem}.`, {
    fix: 'Correct that field of the manifest.',
    details: { field },
  });
}
