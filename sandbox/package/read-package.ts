import { openPackage } from './open-package.ts';
import type { OpenedPackage } from './opened-package.ts';
import { packageLimits } from './package-limits.ts';
import { packageRefused } from './package-refused.ts';
import { readBoundedFile } from './read-bounded-file.ts';

/**
 * A `.magx` file into memory.
 * @param sha256 when it was pinned, for example by the lock file: the code that is run is then the code that was
 *   verified, whatever happened to the disk since
 * @throws MF666, MF620
 */
export function readPackage(file: string, sha256?: string): OpenedPackage {
  const opened = openPackage(readBoundedFile(file, packageLimits.package));
  if (sha256 !== undefined && opened.sha256 !== sha256) {
    throw packageRefused(`${file} has SHA-256 ${opened.sha256}, but ${sha256} was installed`);
  }
  return opened;
}
