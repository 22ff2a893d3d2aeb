import { existsSync } from 'node:fs';
import { join } from 'node:path';

const names = ['setpriv', 'unshare', 'prlimit', 'sh', 'mount', 'umount', 'pivot_root'] as const;
/** Fixed, not `PATH`: whoever sets that would choose what runs as root. */
const folders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];

/** Absolute paths of the programs that build walls; those that are not installed are absent. */
export type HostTools = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** What of util-linux is here. Nothing on other systems than Linux. */
export function hostTools(): HostTools {
  if (process.platform !== 'linux') return {};
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
      return found === undefined ? [] : [[name, found]];
    }),
  );
}
