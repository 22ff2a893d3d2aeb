/** Bounds of a package, in bytes unless said otherwise. Packing keeps to them too. */
export const packageLimits = {
  /** The `.magx` file. */
  package: 16 * 1024 * 1024,
  /** All files of it together, tar headers included. */
  unpacked: 64 * 1024 * 1024,
  file: 16 * 1024 * 1024,
  /** `extension.js`: it has to fit into one frame to the cage as JSON text. */
  code: 4 * 1024 * 1024,
  manifest: 256 * 1024,
  files: 1000,
  /** A path, in bytes; ustar has room for 255, a folder above needs some of what systems allow. */
  path: 200,
  /** Unpacked bytes per packed byte, beyond the first MiB: ordinary code and text stay below 20. */
  ratio: 200,
} as const;
