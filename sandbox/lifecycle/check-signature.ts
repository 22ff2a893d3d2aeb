import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { InspectedPackage } from './package-tools.ts';

/**
 * Passes when the signature is one this machine takes.
 * @param previous the version that is installed: an update comes from the same publisher and is no less signed
 * @throws MF667
 */
export function checkSignature(
  inspected: InspectedPackage,
  allowUnsigned: boolean,
  previous?: InstalledExtension,
): void {
  const { signature, publisher, objection } = inspected;
  const id = inspected.manifest.id;
  if (signature === 'modified' || signature === 'revoked')
    throw refused(`the package of ${id} is ${signature}${because(objection)}`);
  if (previous !== undefined && previous.publisher !== publisher)
    throw refused(`${id} is installed from ${previous.publisher}; this package is from ${publisher}`);
  if (signature !== 'unsigned') return;
  if (previous !== undefined && previous.signature !== 'unsigned')
    throw refused(`${id} ${previous.version} is signed; this package is not${because(objection)}`);
  if (!allowUnsigned) {
    throw new MagFlockError(
      'MF667',
      `the package of ${id} has no signature that counts${because(objection)}`,
      {
        fix: `magflock ext trust ${publisher} <key>, or --allow-unsigned to let it in as it is`,
      },
    );
  }
}

function because(objection: string | null): string {
  return objection === null ? '' : `: ${objection}`;
}

function refused(message: string): MagFlockError {
  return new MagFlockError('MF667', message, { fix: 'get the package anew from its publisher' });
}
