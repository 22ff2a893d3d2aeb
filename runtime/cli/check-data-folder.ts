import { existsSync, statSync } from 'node:fs';
import { dataPaths } from '../bios/data-paths.ts';
import type { PostLine } from '../bios/post-line.ts';

/** What `doctor` can see of a data folder from outside: whether it is there and whether secrets are private. */
export function checkDataFolder(dataDir: string): readonly PostLine[] {
  const line = (outcome: PostLine['outcome'], facts: string, fix?: string): PostLine => ({
    part: 'data folder',
    outcome,
    facts,
    ms: 0,
    required: true,
    ...(fix === undefined ? {} : { fix }),
  });
  if (!existsSync(dataDir)) return [line('ok', `${dataDir} is not there yet; the first start makes it`)];
  if (!statSync(dataDir).isDirectory()) {
    return [line('fail', `${dataDir} is not a folder`, 'choose another with --data')];
  }
  const { masterKey, token, socket, firstKeys } = dataPaths(dataDir);
  const open = [masterKey, token, socket, firstKeys].filter((file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found !== undefined && (found.mode & 0o077) !== 0;
  });
  if (open.length > 0) {
    return [line('warn', `others may read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)];
  }
  if (existsSync(firstKeys)) {
    return [
      line(
        'warn',
        `the first keys still lie in ${firstKeys}`,
        'note the keys down elsewhere and delete the file',
      ),
    ];
  }
  return [line('ok', dataDir)];
}
