import type { Stats } from 'node:fs';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileRefusal } from './file-refusal.ts';

/**
 * Walks from the folder of all extensions down, and looks at each step: a link, or anything else that is no folder, ends
 * it. Guests cannot make links; this is against those that came another way.
 * @param root absolute
 * @param segments id and project first
 * @param create makes folders that are missing
 * @returns the real path; undefined when it does not exist
 * @throws MF673
 */
export async function openFolder(
  root: string,
  segments: readonly string[],
  create: boolean,
): Promise<string | undefined> {
  if (create) await mkdir(root, { recursive: true, mode: 0o700 });
  let path: string;
  try {
    // The folder of all extensions is the operator's, who may have put it elsewhere by a link.
    path = await realpath(root);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
  for (const segment of segments) {
    path = join(path, segment);
    let found = await lookAt(path);
    if (found === undefined) {
      if (!create) return undefined;
      // Two versions of an extension may be at it while one replaces the other.
      await mkdir(path, { mode: 0o700 }).catch(() => {});
      found = await lookAt(path);
    }
    if (found === undefined) {
      throw fileRefusal('folder', 'A folder of the path cannot be made.');
    } else if (found.isSymbolicLink()) {
      throw fileRefusal('link', 'A folder of the path is a link.');
    } else if (!found.isDirectory()) {
      throw fileRefusal('folder', 'A segment of the path is a file.');
    }
  }
  if ((await realpath(path)) !== path) throw fileRefusal('outside', 'The path leads out of the folder.');
  return path;
}

async function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
