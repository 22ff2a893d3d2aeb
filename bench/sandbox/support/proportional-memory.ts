import { readFileSync } from 'node:fs';

/**
 * Memory of processes in MiB, pages that several share counted in parts (PSS of /proc, Linux), so that neither side
 * pays twice for the same library.
 */
export function proportionalMemory(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  }
  return kilobytes / 1024;
}
