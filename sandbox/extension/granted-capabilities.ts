import type { CapabilityName } from '../../runtime/protocol/extension-manifest.ts';
import { effectivePermissions } from '../broker/effective-permissions.ts';
import { grantsInForce } from '../lifecycle/grants-in-force.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';

/** Names of what an extension asked for and was granted, for at least something. @param now milliseconds */
export function grantedCapabilities(
  { manifest, grants }: Pick<InstalledExtension, 'manifest' | 'grants'>,
  now: number,
): readonly CapabilityName[] {
  return [...effectivePermissions(manifest.permissions, grantsInForce(grants, now)).keys()];
}
