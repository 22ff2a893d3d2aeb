import { readFileSync } from 'node:fs';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Catalog, DatabaseName } from '../../../runtime/protocol/storage.protocol.ts';
import type { Pools } from '../postgres/pools.ts';
import { readDataApiSettings } from '../settings/read-data-api-settings.ts';

const text = readFileSync(new URL('./catalog.sql', import.meta.url), 'utf8');

/** Only a locked view or foreign table makes the query wait: the owner's sessions must not hold up the gateway. */
const limits = `select set_config('lock_timeout', '1s', true), set_config('statement_timeout', '10s', true)`;

/** Who holds what the catalogue waits for. */
const holders = `
  select distinct l.pid
  from pg_locks l
  join pg_class c on c.oid = l.relation and c.relkind = any (array['v', 'f']::"char"[])
  join pg_database d on d.oid = l.database and d.datname = current_database()
  where l.mode = 'AccessExclusiveLock' and l.granted
  order by l.pid`;

/**
 * Reads the catalogue of a project's schema `public` in one query. Partitions are hidden under their parent.
 * @throws MF503 when a lock on a view holds it up for a second, naming the server processes; MF5xx
 */
export async function readCatalog(pools: Pools, project: string): Promise<Catalog> {
  const database: DatabaseName = `project:${project}`;
  try {
    const answers = await pools.transaction(database, [{ text: limits }, { text }]);
    const json = String(answers[1]?.rows[0]?.['catalog']);
    // After the version: settings changed in between come with a later one.
    const settings = await readDataApiSettings(pools, project);
    return { project, ...(JSON.parse(json) as Pick<Catalog, 'version' | 'tables'>), settings };
  } catch (thrown) {
    const sqlstate = MagFlockError.is(thrown) ? thrown.details?.['sqlstate'] : undefined;
    if (sqlstate === '55P03') throw await lockedError(pools, database, thrown);
    if (sqlstate !== '57014') throw thrown;
    throw new MagFlockError('MF503', 'The catalogue was not read within 10 s.', { cause: thrown });
  }
}

async function lockedError(pools: Pools, database: DatabaseName, cause: unknown): Promise<MagFlockError> {
  const { rows } = await pools.query(database, { text: holders }).catch(() => ({ rows: [] }));
  const pids = rows.map(({ pid }) => Number(pid));
  const who = pids.length === 0 ? 'another session' : `server process ${pids.join(', ')}`;
  return new MagFlockError('MF503', `The catalogue cannot be read: ${who} holds a lock on a view.`, {
    fix: 'Commit or roll back the transaction that holds it, or end it: select pg_terminate_backend(pid).',
    details: { pids },
    cause,
  });
}
