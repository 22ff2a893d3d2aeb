import type { CapabilityName } from '../../protocol/extension-manifest.ts';

/** One permission as an operator approves it. */
export interface ApprovedPermission {
  readonly capability: CapabilityName;
  readonly scope: readonly string[];
}
