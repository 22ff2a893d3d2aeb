import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { ExtensionInfo, Grant } from '../../runtime/protocol/extensions.protocol.ts';
import type { TrustLevel } from '../protocol/trust-level.ts';

/** One extension as the lock file has it: what was installed, and what the operator decided. */
export interface InstalledExtension {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  readonly trust: TrustLevel;
  readonly signature: ExtensionInfo['signature'];
  /** SHA-256 of the package file, hexadecimal. */
  readonly sha256: string;
  /** Absolute path of the unpacked package; its bundled module is `extension.js`. */
  readonly folder: string;
  readonly manifest: ExtensionManifest;
  readonly grants: readonly Grant[];
  readonly projects: readonly string[];
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** What the operator wants of it; whether it runs well is the runtime's to say. */
  readonly wanted: 'enabled' | 'disabled' | 'quarantined';
  readonly reason: string | null;
  readonly installedAt: string;
}
