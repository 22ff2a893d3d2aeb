import { lstat, opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryPrefix } from './read-path.ts';
import { sizeOnDisk } from './size-on-disk.ts';

/** What a folder holds. */
export interface FolderLevel {
  bytes: number;
  files: number;
}

/** Walks a folder without following links, and removes files that a crash left half-written. */
export async function measureFolder(folder: string): Promise<FolderLevel> {
  const level = { bytes: 0, files: 0 };
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    // `opendir` follows links; the first folder may have become one.
    const isFolder = await lstat(next).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder) continue;
    const entries = await opendir(next);
    for await (const entry of entries) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) {
        waiting.push(path);
      } else if (entry.name.startsWith(temporaryPrefix)) {
        await rm(path, { force: true });
      } else {
        level.bytes += sizeOnDisk((await lstat(path)).size);
        level.files += 1;
      }
    }
  }
  return level;
}
