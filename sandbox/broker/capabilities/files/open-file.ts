import type { Stats } from 'node:fs';
import { constants, type FileHandle, lstat, open } from 'node:fs/promises';
import { fileRefusal } from './file-refusal.ts';

/**
 * Looks at what a name stands for, without following it.
 * @returns undefined when there is nothing
 * @throws MF673 for a link, a file with several names, and anything that is neither file nor folder
 */
export async function lookAt(path: string): Promise<Stats | undefined> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found !== undefined) refuseStrange(found);
  return found;
}

/**
 * Opens a plain file for reading. What was opened is looked at, not only what was there before.
 * @throws MF673
 */
export async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for a writer for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ELOOP' || code === 'EMLINK') throw fileRefusal('link', 'The file is a link.');
    if (code === 'ENXIO') throw fileRefusal('special', 'That is no plain file.');
    throw error;
  }
  try {
    const stats = await file.stat();
    refuseStrange(stats);
    if (!stats.isFile()) throw fileRefusal('folder', 'That is a folder.');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function refuseStrange(stats: Stats): void {
  if (stats.isSymbolicLink()) throw fileRefusal('link', 'The file is a link.');
  if (stats.isDirectory()) return;
  if (!stats.isFile()) throw fileRefusal('special', 'That is no plain file.');
  // A second name may be of a file outside.
  if (stats.nlink > 1) throw fileRefusal('link', 'The file has a second name.');
}
