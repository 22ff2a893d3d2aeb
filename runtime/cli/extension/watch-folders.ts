import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Editors write a file in several steps, milliseconds. */
const settleMs = 30;

/** Watches the folders of source files for saves. */
export class WatchFolders {
  readonly #folder: string;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param folder of the extension
   * @param changed called once for what was saved at about the same time
   */
  constructor(folder: string, changed: () => void) {
    this.#folder = folder;
    this.#changed = changed;
    this.include([]);
  }

  /** @param files absolute; their folders are watched from now on, but for installed packages */
  include(files: readonly string[]): void {
    const own = foldersBelow(this.#folder, 5);
    const folders = files.map((file) => dirname(file)).filter((one) => !one.includes(`${sep}node_modules`));
    for (const one of new Set([...own, ...folders])) {
      if (this.#watchers.has(one) || !existsSync(one)) continue;
      const watcher = watch(one, (_kind, name) => this.#onChange(name));
      // A folder that is removed: what is missing then is said by the next bundle.
      watcher.on('error', () => undefined);
      this.#watchers.set(one, watcher);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #onChange(name: string | null): void {
    // Made by ourselves, by git, or by an editor on its way to the file.
    if (name !== null && /^\.|~$|\.magx$|\.d\.json\.ts$|\.test\.\w+$|^node_modules$/.test(name)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, settleMs);
  }
}

/** A folder and those in it, but for hidden ones and installed packages. */
function foldersBelow(folder: string, depth: number): readonly string[] {
  const inner = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\..*|node_modules)$/.test(entry.name))
    .map(({ name }) => join(folder, name));
  return [folder, ...(depth === 0 ? [] : inner.flatMap((one) => foldersBelow(one, depth - 1)))];
}
