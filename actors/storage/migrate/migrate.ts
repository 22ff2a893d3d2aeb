import type { ClientBase } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { type Migration, type MigrationSet, readMigrations } from './read-migrations.ts';

/** Where each set notes what it has done. */
const ledgers: Readonly<Record<MigrationSet, { readonly schema: string; readonly table: string }>> = {
  control: { schema: 'cp_core', table: 'cp_core.migrations' },
  project: { schema: 'mg_sys', table: 'mg_sys.migrations' },
  security: { schema: 'sentinel', table: 'sentinel.migrations' },
};

export interface MigrationStatus {
  readonly number: number;
  readonly name: string;
  readonly applied: boolean;
}

/**
 * Brings a database up to the newest migration, each in a transaction of its own.
 * @param client a connection of the administrator to that database
 * @returns the numbers that were applied now
 * @throws MF500 naming the migration; the ones before it stay applied
 */
export async function migrateUp(client: ClientBase, set: MigrationSet): Promise<readonly number[]> {
  return alone(client, async () => {
    const applied = await appliedNumbers(client, set);
    const waiting = readMigrations(set).filter(({ number }) => !applied.has(number));
    for (const migration of waiting) {
      await step(client, set, migration, migration.up, (ledger) => ({
        text: `insert into ${ledger} (number, name) values ($1, $2)`,
        values: [migration.number, migration.name],
      }));
    }
    return waiting.map(({ number }) => number);
  });
}

/** Takes the newest migrations back, down to (and without) `target`. */
export async function migrateDown(
  client: ClientBase,
  set: MigrationSet,
  target: number,
): Promise<readonly number[]> {
  return alone(client, async () => {
    const applied = await appliedNumbers(client, set);
    const going = readMigrations(set)
      .filter(({ number }) => number > target && applied.has(number))
      .reverse();
    for (const migration of going) {
      await step(client, set, migration, migration.down, (ledger) => ({
        text: `delete from ${ledger} where number = $1`,
        values: [migration.number],
      }));
    }
    return going.map(({ number }) => number);
  });
}

/** Every migration of the set and whether the database has it. */
export async function migrationStatus(
  client: ClientBase,
  set: MigrationSet,
): Promise<readonly MigrationStatus[]> {
  const applied = await appliedNumbers(client, set);
  return readMigrations(set).map(({ number, name }) => ({ number, name, applied: applied.has(number) }));
}

/** Keys of the advisory lock: `MF` in ASCII, and its first use. */
const lockKeys = '19782, 1';

/**
 * One migrator at a time in a database: the lock is PostgreSQL's, so it holds over processes too. Anybody who may
 * connect can take an advisory lock; whoever does and is not a migrator must not hold up an upgrade. All names
 * are qualified: an owner could put a function of the same name, or a better fitting one, into `public`.
 */
async function alone<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query(`set search_path = pg_catalog, pg_temp`);
  await client.query(`select pg_catalog.pg_terminate_backend(lock.pid)
    from pg_catalog.pg_locks as lock
    join pg_catalog.pg_stat_activity as session on session.pid operator(pg_catalog.=) lock.pid
    where lock.locktype operator(pg_catalog.=) 'advisory'
      and (lock.classid, lock.objid, lock.objsubid) operator(pg_catalog.=) (19782::pg_catalog.oid, 1::pg_catalog.oid, 2::pg_catalog.int2)
      and session.datname operator(pg_catalog.=) pg_catalog.current_database()
      and session.usename operator(pg_catalog.<>) current_user`);
  await client.query(`select pg_catalog.pg_advisory_lock(${lockKeys})`);
  try {
    return await work();
  } finally {
    await client.query(`select pg_catalog.pg_advisory_unlock(${lockKeys})`).catch(() => {});
  }
}

async function appliedNumbers(client: ClientBase, set: MigrationSet): Promise<Set<number>> {
  const { schema, table } = ledgers[set];
  const { rows } = await client.query<{ there: boolean }>(
    `select pg_catalog.to_regclass($1) is not null as there`,
    [table],
  );
  if (rows[0]?.there !== true) {
    await client.query(`create schema if not exists ${schema}`);
    await client.query(`create table if not exists ${table} (
      number int primary key, name text not null, applied_at timestamptz not null default pg_catalog.clock_timestamp())`);
    await client.query(`revoke all on table ${table} from public`);
  }
  const done = await client.query<{ number: number }>(`select number from ${table}`);
  return new Set(done.rows.map(({ number }) => number));
}

async function step(
  client: ClientBase,
  set: MigrationSet,
  migration: Migration,
  text: string,
  note: (ledger: string) => { text: string; values: unknown[] },
): Promise<void> {
  const { text: noteText, values } = note(ledgers[set].table);
  try {
    await client.query('begin');
    await client.query(text);
    await client.query(noteText, values);
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error(`COMMIT was answered ${command}`);
  } catch (thrown) {
    await client.query('rollback').catch(() => {});
    const name = `${set}/${String(migration.number).padStart(4, '0')}-${migration.name}.sql`;
    const { message } = thrown as Error;
    throw new MagFlockError('MF500', `Migration ${name} failed: ${message}`, { cause: thrown });
  }
}
