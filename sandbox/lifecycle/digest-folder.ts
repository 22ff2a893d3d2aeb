import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * SHA-256 over names and contents of all files in a folder, hexadecimal. A link or device in it is a different
 * digest from any folder without.
 */
export async function digestFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), plain: entry.isFile() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const whole = createHash('sha256');
  for (const { path, plain } of names) {
    const contents = plain
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : 'no file';
    whole.update(`${JSON.stringify(path.slice(folder.length + 1))} ${contents}\n`);
  }
  return whole.digest('hex');
}
