const block = 4_096;

/** Whole blocks, as file systems give them out: many small files are not free. An empty file counts one. */
export function sizeOnDisk(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / block)) * block;
}
