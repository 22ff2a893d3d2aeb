import type { InstalledExtension } from './installed-extension.ts';

/** An installed extension with what pins its files. */
export interface LockedExtension extends InstalledExtension {
  /** Digest of the unpacked folder when it was installed, hexadecimal. */
  readonly contents: string;
}
