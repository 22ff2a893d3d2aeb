import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../telemetry/logger.ts';

/** What the kernel remembers over a restart of the daemon: small facts by name, JSON. */
export type KernelFacts = Readonly<Record<string, unknown>>;

/**
 * Persistent state of the kernel. A write is atomic: it goes to a file beside, is flushed, takes the name of
 * the old one, and the folder is flushed, so that after a power cut there is the old state or the new one.
 */
export class KernelState {
  readonly #path: string;
  readonly #log: Logger;
  #facts: Record<string, unknown> = {};
  #writes: Promise<void> = Promise.resolve();

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
  }

  /** Reads the file. One that cannot be read as state is set aside and reported; the state is then empty. */
  async load(): Promise<{ readonly setAside: string | undefined }> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { setAside: undefined };
      throw error;
    }
    try {
      const parsed: unknown = JSON.parse(text);
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
        throw new Error('not an object');
      this.#facts = parsed as Record<string, unknown>;
      return { setAside: undefined };
    } catch (error) {
      const setAside = `${this.#path}.corrupt-${Date.now()}`;
      await rename(this.#path, setAside);
      this.#log.error({ err: error, setAside }, 'the kernel state was unreadable and was set aside');
      return { setAside };
    }
  }

  get(name: string): unknown {
    return this.#facts[name];
  }

  all(): KernelFacts {
    return { ...this.#facts };
  }

  /** Sets a fact, `undefined` removes it. Resolves when it is durable; writes do not overtake each other. */
  async set(name: string, value: unknown): Promise<void> {
    // JSON leaves undefined out. What it cannot write must not stay behind to fail every later write.
    const facts = { ...this.#facts, [name]: value };
    const text = `${JSON.stringify(facts, null, 2)}\n`;
    if (value === undefined) delete facts[name];
    this.#facts = facts;
    const write = this.#writes.then(() => this.#write(text));
    this.#writes = write.catch(() => {});
    await write;
  }

  async #write(text: string): Promise<void> {
    const folder = dirname(this.#path);
    await mkdir(folder, { recursive: true });
    const temporary = `${this.#path}.${process.pid}.tmp`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
    const directory = await open(folder, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}
