import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

let made = 0;

/**
 * A control group for one cage, below one that the operator delegated to us: systemd and container managers keep
 * every other for themselves (https://systemd.io/CGROUP_DELEGATION/). Version 2 and 1. Where the kernel refuses, there
 * is no such wall, and `measureWalls` will say so.
 */
export class CageGroup {
  readonly name = `magflock-cage-${process.pid}-${++made}`;
  readonly #folder: string;

  /** @param memoryBytes bound of physical memory, page cache included */
  constructor(parent: string, memoryBytes: number) {
    this.#folder = join(parent, this.name);
    attempt(() => {
      mkdirSync(this.#folder);
      const second = existsSync(join(this.#folder, 'memory.max'));
      this.#write(second ? 'memory.max' : 'memory.limit_in_bytes', String(memoryBytes));
      if (second) this.#write('memory.swap.max', '0');
    });
  }

  add(pid: number): void {
    attempt(() => this.#write('cgroup.procs', String(pid)));
  }

  remove(): void {
    attempt(() => rmdirSync(this.#folder));
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Not writable, or not a control group: see above.
  }
}
