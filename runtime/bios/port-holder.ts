import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State LISTEN in `/proc/net/tcp`. */
const listening = '0A';

/**
 * The process that listens on a TCP port, as `node (pid 4121)`; undefined where the system does not tell (no
 * /proc, another user's process).
 */
export function portHolder(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => inodesOf(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of list(`/proc/${pid}/fd`)) {
      const inode = link(`/proc/${pid}/fd/${descriptor}`).match(/^socket:\[(\d+)\]$/)?.[1];
      if (inode !== undefined && inodes.has(inode)) return `${text(`/proc/${pid}/comm`).trim()} (pid ${pid})`;
    }
  }
  return undefined;
}

/** Columns of the table: slot, local address:port in hex, remote, state, …, inode as the tenth. */
function inodesOf(table: string, port: number): readonly string[] {
  return text(table)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local, , state]) => state === listening && Number.parseInt(local?.split(':')[1] ?? '', 16) === port,
    )
    .flatMap((columns) => (columns[9] === undefined ? [] : [columns[9]]));
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
