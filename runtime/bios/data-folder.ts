import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { MagFlockError } from '../errors/magflock-error.ts';

export interface DataFolder {
  readonly path: string;
  readonly created: boolean;
  /** What was mended, in words for the operator. */
  readonly notes: readonly string[];
}

/**
 * Others may pass through (PostgreSQL runs as another user under root) but neither list nor read; each file
 * in the folder has a mode of its own.
 */
const folderMode = 0o711;

/**
 * Makes the data folder, or checks the one that is there.
 * @param path absolute
 * @throws MagFlockError MF705 with the reason and the way out
 */
export function openDataFolder(path: string): DataFolder {
  const notes: string[] = [];
  let created = false;
  try {
    created = mkdirSync(path, { recursive: true, mode: folderMode }) !== undefined;
    // The umask may have taken the passage away.
    if (created) chmodSync(path, folderMode);
    const stats = statSync(path);
    if (!stats.isDirectory()) throw notUsable(path, 'it is not a folder', 'choose another with --data');
    const uid = process.getuid?.();
    if (uid !== undefined && stats.uid !== uid) {
      const fix = `start as uid ${stats.uid}, or choose another folder with --data`;
      throw notUsable(
        path,
        `it belongs to uid ${stats.uid}, this process is uid ${uid} (${userInfo().username})`,
        fix,
      );
    }
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!created && (stats.mode & 0o066) !== 0) {
      chmodSync(path, folderMode);
      notes.push(`data folder was open to others (mode ${(stats.mode & 0o777).toString(8)}), closed to 711`);
    }
  } catch (thrown) {
    if (MagFlockError.is(thrown)) throw thrown;
    const code = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    throw notUsable(path, reasons[code] ?? code, 'choose another with --data, or change its owner');
  }
  return { path, created, notes };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file, not a folder',
};

function notUsable(path: string, why: string, fix: string): MagFlockError {
  return new MagFlockError('MF705', `the data folder ${path} cannot be used: ${why}`, { fix });
}
