import { lstatSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { PlatformProgram } from './platform-program.ts';

/**
 * Makes the library links that the package's postinstall script would have made; npm may have been told not to
 * run scripts. Links that exist stay.
 * @returns false when the folder cannot be written
 */
export function makeLinks(folder: string, links: PlatformProgram['links']): boolean {
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(path), join(folder, source)), path);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') continue;
      return false;
    }
  }
  return true;
}
