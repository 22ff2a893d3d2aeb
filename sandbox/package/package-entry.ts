/** A file of a package. */
export interface PackageEntry {
  /** With `/`, below the root of the package. */
  readonly path: string;
  readonly bytes: Uint8Array;
}
