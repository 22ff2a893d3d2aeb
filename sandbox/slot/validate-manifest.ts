import { Value } from 'typebox/value';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import { manifestSchema } from './manifest-schema.ts';

/**
 * Checks a manifest before any code of the extension runs.
 * @param source where it came from, for the message
 * @throws MF620 naming the field
 */
export function validateManifest(manifest: unknown, source: string): ExtensionManifest {
  for (const error of Value.Errors(manifestSchema, manifest)) {
    const field = error.instancePath.slice(1).replaceAll('/', '.') || 'manifest';
    const problem = error.keyword === 'boolean' ? 'is no field of a manifest' : error.message;
    throw new MagFlockError('MF620', `The manifest of ${source} is invalid: ${field} ${problem}.`, {
      fix: 'Correct that field of the manifest.',
      details: { field },
    });
  }
  return manifest as ExtensionManifest;
}
