import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Process id of the embedded PostgreSQL of a data folder, from the first line of its postmaster.pid;
 * undefined when none runs or its folder may not be read.
 */
export function readPostmasterPid(dataDir: string): number | undefined {
  try {
    const [first] = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(first);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
