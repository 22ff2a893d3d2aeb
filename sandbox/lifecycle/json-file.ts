import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { syncFolder } from './sync-folder.ts';

/** A value that lives in a file. */
export interface JsonFile<T> {
  /** As it is on the disk. */
  readonly value: T;
  /**
   * Replaces the file by what comes out; changes run one after the other, and `value` is the new one once it is on
   * the disk. What `next` throws leaves everything as it was.
   */
  change(next: (value: T) => T): Promise<T>;
}

/**
 * Opens a JSON file that is replaced whole, and on the disk before a change answers: a power cut leaves the old
 * or the new.
 * @param initial when there is no file yet
 * @param fits whether what was read has the shape
 * @throws MF705 when it is damaged: to go on with an empty one would forget what the operator decided
 */
export async function openJsonFile<T>(
  path: string,
  initial: T,
  fits: (value: unknown) => value is T,
): Promise<JsonFile<T>> {
  let value: T = await read(path, initial, fits);
  let last: Promise<unknown> = Promise.resolve();
  return {
    get value() {
      return value;
    },
    change(next) {
      const changed: Promise<T> = last.then(async () => {
        const proposed = next(value);
        if (proposed !== value) await replace(path, `${JSON.stringify(proposed, null, 2)}\n`);
        value = proposed;
        return value;
      });
      last = changed.catch(() => undefined);
      return changed;
    },
  };
}

async function read<T>(path: string, initial: T, fits: (value: unknown) => value is T): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return initial;
    throw thrown;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (fits(value)) return value;
  } catch {
    // Told below, as for a file that is JSON but not ours.
  }
  throw new MagFlockError('MF705', `${path} is damaged`, { fix: 'restore it from your backup' });
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (thrown) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(dirname(path));
}
