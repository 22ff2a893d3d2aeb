import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sdkFolder } from './sdk-folder.ts';

/**
 * Puts the SDK of this MagFlock where an editor looks for its types, in the folder of a TypeScript extension that has
 * none. It is no dependency of the author's package.json, so `npm install` takes it away again.
 */
export function linkSdk(folder: string): void {
  const scope = join(folder, 'node_modules', '@magflock');
  if (!existsSync(join(folder, 'tsconfig.json')) || existsSync(join(scope, 'sdk'))) return;
  try {
    mkdirSync(scope, { recursive: true });
    symlinkSync(sdkFolder, join(scope, 'sdk'), 'junction');
  } catch {
    // Comfort for an editor: everything else works without.
  }
}
