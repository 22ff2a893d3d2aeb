import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** Whether a process lives. One that ended and waits for its parent to look (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // `pid (name) state`, and the name may hold spaces and parentheses.
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    // Without /proc (macOS) the signal has answered; with it the process is gone.
    return !existsSync('/proc/self/stat');
  }
}

/**
 * PostgreSQL processes that work in a data directory, postmaster and backends: each makes it its working
 * directory. Empty where there is no /proc.
 */
export function serverProcesses(dataDirectory: string): readonly number[] {
  if (!existsSync('/proc/self/cwd') || !existsSync(dataDirectory)) return [];
  const real = realpathSync(dataDirectory);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0 && pid !== process.pid)
    .filter((pid) => worksIn(pid, real) && isServer(pid) && isAlive(pid));
}

function worksIn(pid: number, realDirectory: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realDirectory;
  } catch {
    return false; // it ended meanwhile, or is another user's
  }
}

/** `/path/to/postgres -D …` for a postmaster, `postgres: checkpointer` and so on for its children. */
function isServer(pid: number): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return /^(?:[^\0]*\/)?postgres(?:\0|:)/.test(command);
  } catch {
    return false;
  }
}
