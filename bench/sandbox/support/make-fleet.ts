import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCageFleet } from '../../../sandbox/cage/create-cage-fleet.ts';
import type { CageFleet } from '../../../sandbox/cage/tenant.ts';

/** Cages as the daemon makes them, with every wall this host offers. */
export async function makeFleet(): Promise<{ fleet: CageFleet; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cages-'));
  const fleet = createCageFleet({
    folder,
    log: (level, message, details) => {
      if (level === 'warn') process.stderr.write(`${message} ${JSON.stringify(details)}\n`);
    },
  });
  return {
    fleet,
    async close() {
      await fleet.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
