import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { compatibility, type MachineFacts } from '../package/compatibility.ts';
import { openPackage } from '../package/open-package.ts';
import { verifyPackage } from '../package/verify-package.ts';
import type { PackageTools } from './package-tools.ts';
import { runPackageTask } from './run-package-task.ts';

/**
 * The package tools of a machine. Packages that come are read in threads of their own.
 * @param machine what a package finds here
 */
export function createPackageTools(machine: Omit<MachineFacts, 'installed'>): PackageTools {
  return {
    async inspect(bytes, { publishers, revoked }) {
      const inspected = await runPackageTask({ kind: 'inspect', bytes, trust: { publishers, revoked } });
      if (inspected === null) throw new MagFlockError('MF699', 'A package was read and nothing came of it.');
      return {
        ...inspected,
        // The bytes that were checked, not the file they came from.
        async unpack(folder) {
          await runPackageTask({ kind: 'unpack', bytes, folder });
        },
      };
    },
    identify(bytes) {
      const opened = openPackage(bytes);
      const { fingerprint } = verifyPackage(opened, { publishers: {}, revoked: [] });
      return { sha256: opened.sha256, digest: opened.digest, signedBy: fingerprint };
    },
    obstacles: (manifest, installed) => compatibility(manifest, { ...machine, installed }),
  };
}
