import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';
import type { ExtensionInfo, PackageReview } from '../../runtime/protocol/extensions.protocol.ts';
import type { RotationStatement } from '../package/rotation-statement.ts';
import type { Trust } from '../package/verify-package.ts';
import type { TrustLevel } from '../protocol/trust-level.ts';
import type { InstalledExtension } from './installed-extension.ts';

/** A package in memory, every file checked against its signature: what was verified is what is written. */
export interface InspectedPackage {
  readonly manifest: ExtensionManifest;
  readonly publisher: string;
  readonly trust: TrustLevel;
  readonly signature: ExtensionInfo['signature'];
  /** Fingerprint of the key that signed it; null without. */
  readonly signedBy: string | null;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of its contents, however they were packed. */
  readonly digest: string;
  /** The way from the key that counted to the one that signed; in force once it is installed. */
  readonly rotations: readonly RotationStatement[];
  /** Why its signature does not count; null when it does, or when there is none. */
  readonly objection: string | null;
  readonly findings: PackageReview['findings'];
  /**
   * Writes its files to a folder that does not exist yet; everything in it is on the disk before it answers.
   * Throws MF666.
   */
  readonly unpack: (folder: string) => void | Promise<void>;
}

/** What the life cycle needs of packages. */
export interface PackageTools {
  /**
   * Reads a package in memory, verifies and scans it.
   * @throws MF666 when it is none, or damaged, MF620 for its manifest
   */
  inspect(bytes: Buffer, trust: Trust): InspectedPackage | Promise<InspectedPackage>;
  /**
   * By what an installed package can be revoked. It was inspected once: this does not scan it again.
   * @throws MF666 when it is damaged
   */
  identify(bytes: Buffer): Pick<InspectedPackage, 'sha256' | 'digest' | 'signedBy'>;
  /** Sentences about what it needs and what is here instead; empty when it fits. */
  obstacles(manifest: ExtensionManifest, installed: readonly InstalledExtension[]): readonly string[];
}
