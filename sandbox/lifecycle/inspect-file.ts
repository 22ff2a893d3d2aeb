import { isAbsolute } from 'node:path';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { packageLimits } from '../package/package-limits.ts';
import { readBoundedFile } from '../package/read-bounded-file.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { InspectedPackage } from './package-tools.ts';

export interface InspectedFile {
  readonly bytes: Buffer;
  readonly inspected: InspectedPackage;
}

/**
 * Reads a package once and checks what was read; nothing looks at the file again. The daemon may be able to read
 * more than the operator, so only a plain file of bounded size is touched.
 * @param file absolute path
 * @throws MF666 when it is no regular file, larger than 16 MiB, or no package; MF620 for its manifest
 */
export async function inspectFile(
  { options, trust }: Pick<LifecycleCore, 'options' | 'trust'>,
  file: string,
): Promise<InspectedFile> {
  if (!isAbsolute(file))
    throw new MagFlockError('MF666', `the path of a package is absolute, "${file}" is not`);
  const bytes = readBoundedFile(file, packageLimits.package);
  return { bytes, inspected: await options.packages.inspect(bytes, trust) };
}
