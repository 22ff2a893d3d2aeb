import { packageLimits } from '../package/package-limits.ts';
import { readBoundedFile } from '../package/read-bounded-file.ts';
import { revocationList } from '../package/revocation-list.ts';
import { digestFolder } from './digest-folder.ts';
import type { LifecycleCore } from './lifecycle-core.ts';
import type { LockedExtension } from './locked-extension.ts';

/**
 * Why an installed extension must not run: its files were altered, or its key or package was revoked; undefined when
 * it may. A key that was only replaced since is no reason.
 */
export async function objectionTo(
  core: LifecycleCore,
  installed: LockedExtension,
): Promise<string | undefined> {
  const { paths, trust } = core;
  if ((await digestFolder(installed.folder).catch(() => '')) !== installed.contents)
    return 'its files were altered since it was installed';
  if (trust.revoked.length === 0) return undefined;
  const bytes = readBoundedFile(paths.packageOf(installed.sha256), packageLimits.package);
  const { digest, signedBy, sha256 } = core.options.packages.identify(bytes);
  if (sha256 !== installed.sha256) return 'its package was altered since it was installed';
  const { id, version } = installed;
  const found = revocationList.find(trust.revoked, { id, version, sha256, digest, fingerprint: signedBy });
  if (found === undefined) return undefined;
  return `its ${'fingerprint' in found ? 'key' : 'package'} was revoked: ${found.reason}`;
}
