import type { KeyObject } from 'node:crypto';
import { encodePackage } from './encode-package.ts';
import type { OpenedPackage } from './opened-package.ts';
import { packageSignature } from './package-signature.ts';
import { type RotationStatement, rotationStatement } from './rotation-statement.ts';

/**
 * The bytes of the package with a signature; one that it had is replaced. Signing twice gives the same bytes.
 * @param key of the publisher: the first part of the id
 * @param rotations put into the package, so that machines that trust an older key follow to this one
 */
export function signPackage(
  opened: OpenedPackage,
  key: KeyObject,
  rotations?: readonly RotationStatement[],
): Buffer {
  const files = new Map<string, Uint8Array>(opened.files);
  files.set('magflock.sig.json', Buffer.from(packageSignature.make(opened, key)));
  if (rotations !== undefined) {
    files.set('magflock.rotation.json', Buffer.from(rotationStatement.text(rotations)));
  }
  return encodePackage([...files].map(([path, bytes]) => ({ path, bytes })));
}
