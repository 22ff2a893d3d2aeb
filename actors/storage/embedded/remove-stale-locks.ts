import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DataPlace } from './place-data.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { isAlive, serverProcesses } from './processes.ts';

/**
 * Removes the lock files (`postmaster.pid` and those of the socket, in folders of this cluster alone) of a
 * postmaster that is gone. PostgreSQL looks only whether the number in them exists, so it would refuse to start
 * over one that is a zombie of this process (its thread had crashed), or that another process got since.
 */
export function removeStaleLocks({ data, run }: DataPlace): void {
  const file = readPostmasterFile(data);
  const canTell = existsSync('/proc/self/stat');
  if (canTell ? serverProcesses(data).length > 0 : file !== undefined && isAlive(file.pid)) return;
  rmSync(join(data, 'postmaster.pid'), { force: true });
  for (const name of readdirSync(run)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(run, name), { force: true });
  }
}
