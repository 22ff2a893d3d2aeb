import { lockFile } from '../package/lock-file.ts';
import type { JsonFile } from './json-file.ts';
import type { LockState } from './lock-state.ts';

/** Opens the lock file. Throws MF705 when it is damaged. */
export function openLockFile(path: string): JsonFile<LockState> {
  let value = lockFile.read(path);
  return {
    get value() {
      return value;
    },
    async change(next) {
      const proposed = next(value);
      if (proposed !== value) lockFile.write(path, proposed);
      value = proposed;
      return value;
    },
  };
}
