import { readFileSync, readlinkSync } from 'node:fs';
import type { Wall } from './wall.ts';

const namespaces = [
  ['net', 'net'],
  ['pid', 'pid'],
  ['ipc', 'ipc'],
  ['uts', 'uts'],
  ['user', 'user'],
] as const;

/**
 * The walls that stand around a process, as the kernel tells it from outside: what was asked for does not count. On
 * systems without /proc only Node's own can be known.
 * @param cgroup name that its control group must have
 */
export function measureWalls(pid: number, cgroup?: string): readonly Wall[] {
  const walls: Wall[] = [];
  const file = (name: string): string => textOf(() => readFileSync(`/proc/${pid}/${name}`, 'utf8'));
  if (process.platform !== 'linux') return ['permission'];
  if (file('cmdline').split('\0').includes('--permission')) walls.push('permission');
  const status = new Map(
    file('status')
      .split('\n')
      .map((line) => line.split(/:\s*/, 2) as [string, string]),
  );
  const uids = (status.get('Uid') ?? '').split('\t').map(Number);
  if (uids.length === 4 && uids.every((uid) => uid !== 0 && uid !== process.getuid?.())) walls.push('uid');
  const sets = ['CapEff', 'CapPrm', 'CapInh', 'CapAmb', 'CapBnd'];
  if (sets.every((name) => /^0+$/.test(status.get(name) ?? ''))) walls.push('caps');
  if (status.get('NoNewPrivs') === '1') walls.push('nnp');
  for (const [wall, name] of namespaces) {
    const its = textOf(() => readlinkSync(`/proc/${pid}/ns/${name}`));
    if (its !== '' && its !== readlinkSync(`/proc/self/ns/${name}`)) walls.push(wall);
  }
  const mounts = file('mountinfo')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(4, 6));
  const onlyOurs = mounts.every(
    ([place, flags = '']) => (place === '/' || place === '/node') && flags.split(',').includes('ro'),
  );
  if (onlyOurs) walls.push('mount');
  if (/^Max core file size\s+0\s+0/m.test(file('limits'))) walls.push('prlimit');
  if (cgroup !== undefined && file('cgroup').includes(`/${cgroup}\n`)) walls.push('cgroup');
  return walls;
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    // Gone, or not ours to look at: then the wall is not known to stand.
    return '';
  }
}
