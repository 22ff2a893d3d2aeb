import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ending = '.checkpoints.ndjson';
const tailBytes = 8192;

/** The exported checkpoints of one project: one line each, appended and flushed to the disk. */
export class CheckpointFile {
  readonly #folder: string;
  readonly path: string;

  /** @param project checked ref, or `system` */
  constructor(folder: string, project: string) {
    this.#folder = folder;
    this.path = join(folder, `${project}${ending}`);
  }

  /** Projects that have a file in the folder. */
  static async projects(folder: string): Promise<readonly string[]> {
    const names = await readdir(folder).catch(missing<string[]>([]));
    return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
  }

  /** Resolves when the line would survive a loss of power. */
  async append(line: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = await open(this.path, 'a+', 0o600);
    try {
      await cutTornLine(file);
      await file.appendFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // A new file is only there after a crash when its folder is flushed as well.
    const folder = await open(this.#folder, 'r');
    await folder.sync().finally(() => folder.close());
  }

  /** The last whole line; null when there is none. */
  async last(): Promise<string | null> {
    const file = await open(this.path, 'r').catch(missing(null));
    if (file === null) return null;
    try {
      const lines = (await readTail(file)).split('\n').slice(0, -1);
      return lines.at(-1) ?? null;
    } finally {
      await file.close();
    }
  }

  /** All whole lines in order, without holding the file in memory. */
  async *lines(): AsyncGenerator<string> {
    const file = await open(this.path, 'r').catch(missing(null));
    if (file === null) return;
    let whole: number;
    try {
      const tail = await readTail(file);
      whole = (await file.stat()).size - (tail.length - (tail.lastIndexOf('\n') + 1));
    } finally {
      await file.close();
    }
    // What follows the last line feed was cut by a crash and was never said to be written.
    if (whole === 0) return;
    const input = createReadStream(this.path, { encoding: 'utf8', end: whole - 1 });
    try {
      yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    } finally {
      input.destroy();
    }
  }
}

async function readTail(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const length = Math.min(size, tailBytes);
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, size - length);
  // One byte a character: positions in the text are positions in the file.
  return buffer.toString('latin1');
}

async function cutTornLine(file: FileHandle): Promise<void> {
  const tail = await readTail(file);
  const torn = tail.length - (tail.lastIndexOf('\n') + 1);
  if (torn > 0) await file.truncate((await file.stat()).size - torn);
}

function missing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
