import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/**
 * Refuses data of another major version: PostgreSQL cannot read it, and starting would only say so in a log.
 * @returns whether there is a cluster at all
 * @throws MF706
 */
export function checkClusterVersion(dataDirectory: string, major: string): boolean {
  const file = join(dataDirectory, 'PG_VERSION');
  if (!existsSync(file)) return false;
  const found = readFileSync(file, 'utf8').trim();
  if (found === major) return true;
  throw new MagFlockError(
    'MF706',
    `${dataDirectory} was made by PostgreSQL ${found}; this MagFlock brings PostgreSQL ${major}.`,
    {
      fix:
        `Start the MagFlock version that made it and save each project with pg_dump (magflock project info shows the URL), ` +
        'then start this one with a new --data folder and run magflock import for each file. ' +
        `Or use pg_upgrade from ${found} to ${major} on that folder. Nothing in it was changed.`,
      details: { found, expected: major, folder: dataDirectory },
    },
  );
}
