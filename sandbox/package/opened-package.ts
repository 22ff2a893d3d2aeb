import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';

/** A package in memory. What is verified, scanned, written and run is this, read once. */
export interface OpenedPackage {
  /** SHA-256 of the `.magx` file, hexadecimal. */
  readonly sha256: string;
  /**
   * SHA-256 of the canonical document, hexadecimal: of what is in the package, however it was packed. Another
   * compression or another signature changes `sha256` but not this.
   */
  readonly digest: string;
  readonly manifest: ExtensionManifest;
  /** By path, everything in the package, in the order of the paths. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** What a signature is made over: `{"files":{path: sha256},"format":1,"manifest":{…}}`. */
  readonly document: string;
  /** Text of `extension.js`. */
  readonly code: string;
}
