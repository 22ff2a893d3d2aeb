import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds an immediate shutdown of PostgreSQL may take before it is killed. */
const patience = 2000;

/**
 * Ends a PostgreSQL server without asking the storage part, for a forced stop: SIGQUIT is its immediate shutdown;
 * it recovers from its log at the next start and loses nothing that was committed.
 * @param pid of the postmaster; null or another process's does nothing
 */
export async function endPostmaster(pid: number | null): Promise<void> {
  if (pid === null || !isPostgres(pid)) return;
  signal(pid, 'SIGQUIT');
  const until = Date.now() + patience;
  while (isPostgres(pid) && Date.now() < until) await pause(20);
  if (isPostgres(pid)) signal(pid, 'SIGKILL');
}

/** The number may belong to somebody else by now. A zombie counts as gone. */
function isPostgres(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^\d+ \(postgres\) [^Z]/.test(stat);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone in between, or not ours.
  }
}
