import { gzipFormat } from './gzip-format.ts';
import type { PackageEntry } from './package-entry.ts';
import { packageLimits } from './package-limits.ts';
import { packageRefused } from './package-refused.ts';
import { tarFormat } from './tar-format.ts';

/**
 * The bytes of a `.magx`. The order of the entries does not matter.
 * @throws MF666 when it would be too large to be read again
 */
export function encodePackage(entries: readonly PackageEntry[]): Buffer {
  const total = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > packageLimits.unpacked) {
    throw packageRefused(`its files have ${total} bytes; ${packageLimits.unpacked} are allowed`);
  }
  return gzipFormat.write(tarFormat.write(entries));
}
