import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import { packageLimits } from './package-limits.ts';
import { parseManifest } from './parse-manifest.ts';
import { readBoundedFile } from './read-bounded-file.ts';

const names = ['magflock.extension.json', 'magflock.extension.yaml', 'magflock.extension.yml'] as const;

export interface SourceManifest {
  readonly manifest: ExtensionManifest;
  /** Name of its file in the folder. */
  readonly file: string;
}

/**
 * The manifest in a source folder.
 * @throws MF620 when there is none, more than one, or it is invalid
 */
export function readManifest(folder: string): SourceManifest {
  const found = names.filter((name) => existsSync(join(folder, name)));
  const [file] = found;
  if (file === undefined) {
    throw new MagFlockError('MF620', `The folder ${folder} has no magflock.extension.json, .yaml or .yml.`, {
      fix: 'magflock ext new <name> makes an extension with one',
      details: { field: 'manifest' },
    });
  }
  if (found.length > 1) {
    throw new MagFlockError('MF620', `The folder ${folder} has ${found.join(' and ')}: one is allowed.`, {
      fix: 'Remove all but one.',
      details: { field: 'manifest' },
    });
  }
  return {
    manifest: parseManifest(readBoundedFile(join(folder, file), packageLimits.manifest, 'MF620'), file),
    file,
  };
}
