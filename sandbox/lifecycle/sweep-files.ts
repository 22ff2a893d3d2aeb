import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LifecycleCore } from './lifecycle-core.ts';

/** Removes the packages and unpacked versions that neither the lock file nor an operation under way names. */
export async function sweepFiles({ paths, lock, journal }: LifecycleCore): Promise<void> {
  const versions = [
    ...lock.value.extensions,
    ...journal.operations.flatMap(({ next, previous }) => [next, previous]),
  ].filter((one) => one !== null);
  const folders = new Set(versions.map(({ folder }) => folder));
  const packages = new Set([...versions, ...lock.value.staged].map(({ sha256 }) => paths.packageOf(sha256)));
  for (const name of await namesIn(paths.packages)) {
    if (!packages.has(join(paths.packages, name))) await remove(join(paths.packages, name));
  }
  for (const id of await namesIn(paths.installed)) {
    const versionsOfId = await namesIn(join(paths.installed, id));
    const gone = versionsOfId.filter((name) => !folders.has(join(paths.installed, id, name)));
    for (const name of gone) await remove(join(paths.installed, id, name));
    if (gone.length === versionsOfId.length) await remove(join(paths.installed, id));
  }
}

const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw thrown;
  }
}
