import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const versionName = Type.Union([Type.String({ minLength: 1, maxLength: 80 }), Type.Null()]);

/** Names of versions; null stands for the one shipped. */
const pointerSchema = Type.Object({ active: versionName, previous: versionName, shadow: versionName });

/** Which version is the active one, which was before it, and which is judged beside. */
export type Pointer = Static<typeof pointerSchema>;

const shipped: Pointer = { active: null, previous: null, shadow: null };

/** The file `active.json`. */
export const activePointer = {
  /** What it says; the version shipped when there is none. `problem` when it cannot be read. */
  async read(path: string): Promise<{ readonly pointer: Pointer; readonly problem: string | null }> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return { pointer: shipped, problem: code === 'ENOENT' ? null : `${path} cannot be read: ${code}` };
    }
    try {
      const parsed: unknown = JSON.parse(text);
      if (Value.Check(pointerSchema, parsed)) return { pointer: parsed, problem: null };
    } catch {
      // Said below.
    }
    return { pointer: shipped, problem: `${path} is damaged` };
  },

  /** After a power cut there is the old one or the new one. */
  async write(path: string, pointer: Pointer): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.new`;
    {
      await using file = await open(beside, 'w', 0o600);
      await file.writeFile(`${JSON.stringify(pointer)}\n`);
      await file.sync();
    }
    await rename(beside, path);
    await using folder = await open(dirname(path), 'r');
    await folder.sync();
  },
};
