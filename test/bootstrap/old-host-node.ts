import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A Node older than 24 on PATH, outside of any node_modules; undefined when there is none. */
export function oldHostNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((file) => {
      if (!existsSync(file)) return false;
      const version = spawnSync(file, ['-p', 'parseInt(process.versions.node)'], { encoding: 'utf8' });
      return Number(version.stdout) < 24;
    });
}
