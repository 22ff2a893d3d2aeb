import type { HostTools } from './host-tools.ts';
import type { Wall } from './wall.ts';

const namespaces: readonly Wall[] = ['net', 'pid', 'ipc', 'uts', 'mount'];

/**
 * The walls for which this machine has the tools. Whether they hold is found out by building them.
 * @param uid of the cage; undefined when this process is not root
 */
export function possibleWalls(tools: HostTools, uid: number | undefined): ReadonlySet<Wall> {
  const walls = new Set<Wall>(['permission']);
  if (uid !== undefined) walls.add('uid');
  if (tools.prlimit !== undefined) walls.add('prlimit');
  if (tools.setpriv !== undefined) walls.add('caps').add('nnp');
  if (tools.unshare === undefined) return walls;
  if (uid === undefined) walls.add('user');
  for (const wall of namespaces) walls.add(wall);
  const { sh, mount, umount, pivot_root: pivot, setpriv } = tools;
  if ([sh, mount, umount, pivot, setpriv].includes(undefined)) walls.delete('mount');
  return walls;
}
