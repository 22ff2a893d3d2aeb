import { readFileSync } from 'node:fs';

/**
 * The process of a cage itself: with a PID namespace the one that was spawned only waits for it.
 * @param pid of what was spawned
 */
export function innermostPid(pid: number): number {
  for (let at = pid; ; ) {
    let child: number;
    try {
      child = Number.parseInt(readFileSync(`/proc/${at}/task/${at}/children`, 'utf8'), 10);
    } catch {
      return at;
    }
    if (!(child > 0)) return at;
    at = child;
  }
}
