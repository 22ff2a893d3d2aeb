import { hash } from 'node:crypto';
import { Client, type ClientConfig, escapeIdentifier } from 'pg';
import { splitMigration } from '../../runtime/database/split-migration.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { endServerSession } from '../broker/database/end-server-session.ts';

/** A migration of an extension. */
export interface MigrationFile {
  /** As the manifest names it: `migrations/0001-state.sql`. */
  readonly name: string;
  /** With `-- UP` and `-- DOWN`. */
  readonly text: string;
}

/** The login of the extension in one project; its schema is where everything happens. */
export interface MigrationLogin {
  readonly url: string;
  readonly schema: string;
}

export interface MigrationRun {
  /** Number of migrations in force. */
  version(): Promise<number>;
  /**
   * Runs those that are not in force yet, in order, up to `to` of them. Nothing to do is fine.
   * @throws MF620 naming the file; the ones before it stay
   */
  up(to?: number): Promise<void>;
  /** Takes the newest back until `to` are in force. @throws MF620 naming the file */
  down(to: number): Promise<void>;
}

const longestMs = 120_000;

/**
 * Migrations of an extension, run with its own login: what they may touch is what the login may, its own schema, which
 * is also the only place where names are looked up. Each is one transaction with its stamp in `mg_migrations` there.
 * The SQL is hostile; the worst it can do is spoil that schema.
 */
export function runMigrations(login: MigrationLogin, files: readonly MigrationFile[]): MigrationRun {
  const schema = escapeIdentifier(login.schema);
  const ledger = `${schema}.mg_migrations`;
  const steps = files.map(({ name, text }) => ({ name, digest: hash('sha256', text), ...parts(text, name) }));

  const stamps = async (client: Client): Promise<readonly Stamp[]> => {
    const there = await client.query<{ there: boolean }>(
      `select pg_catalog.to_regclass($1) is not null as there`,
      [ledger],
    );
    if (there.rows[0]?.there !== true) return [];
    const { rows } = await client.query<Stamp>(
      `select position, name, digest from ${ledger} order by position`,
    );
    return rows;
  };

  /** One transaction: the file's SQL and its stamp, both or neither. */
  const step = async (
    client: Client,
    name: string,
    sql: string,
    stamp: string,
    values: unknown[],
  ): Promise<void> => {
    try {
      // What the one before left in the session.
      await client.query('discard all');
      await client.query(
        `begin; set local search_path = ${schema}; set local statement_timeout = ${longestMs / 2}`,
      );
      // Two runs at once wait here, and the second finds the stamp taken.
      await client.query(`lock table ${ledger} in exclusive mode`);
      const before = await transactionOf(client);
      await client.query(sql);
      if ((await transactionOf(client)) !== before) throw new Error('it ends its own transaction');
      await client.query(stamp, values);
      await client.query('commit');
    } catch (thrown) {
      await client.query('rollback').catch(() => {});
      throw failed(name, thrown);
    }
  };

  return {
    version: () => withClient(login, async (client) => (await stamps(client)).length),
    up: (to = steps.length) =>
      withClient(login, async (client) => {
        if (steps.length > 0)
          await client.query(`create table if not exists ${ledger} (
          position int primary key, name text not null, digest text not null,
          applied_at timestamptz not null default pg_catalog.clock_timestamp())`);
        const done = await stamps(client);
        assertHistory(done, steps);
        for (const [index, { name, up, digest }] of steps.entries()) {
          if (index < done.length || index >= to) continue;
          await step(client, name, up, `insert into ${ledger} (position, name, digest) values ($1, $2, $3)`, [
            index + 1,
            name,
            digest,
          ]);
        }
      }),
    down: (to) =>
      withClient(login, async (client) => {
        const done = await stamps(client);
        assertHistory(done, steps);
        for (const { position } of [...done].reverse()) {
          const one = steps[position - 1];
          if (position <= to || one === undefined) continue;
          await step(client, one.name, one.down, `delete from ${ledger} where position = $1`, [position]);
        }
      }),
  };
}

interface Stamp {
  readonly position: number;
  readonly name: string;
  readonly digest: string;
}

async function transactionOf(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(`select pg_catalog.pg_current_xact_id()::text as id`);
  return rows[0]?.id;
}

/** What ran before has to be the beginning of what is here, or taking it back would not fit. */
function assertHistory(done: readonly Stamp[], steps: readonly { name: string; digest: string }[]): void {
  for (const [index, { position, name, digest }] of done.entries()) {
    const here = steps[index];
    if (position === index + 1 && here?.name === name && here.digest === digest) continue;
    throw new MagFlockError('MF620', `The migration ${name} that ran is not the one of this package.`, {
      fix: 'Migrations are only added, never changed, renamed or taken out.',
      details: { migration: name },
    });
  }
}

function parts(text: string, name: string): { readonly up: string; readonly down: string } {
  try {
    return splitMigration(text, name);
  } catch (thrown) {
    throw failed(name, thrown);
  }
}

function failed(name: string, thrown: unknown): MagFlockError {
  const { message, code } = thrown as Error & { readonly code?: string };
  return new MagFlockError('MF620', `The migration ${name} failed: ${message.slice(0, 500)}`, {
    details: { migration: name, ...(code === undefined ? {} : { sqlstate: code }) },
  });
}

async function withClient<T>(login: MigrationLogin, work: (client: Client) => Promise<T>): Promise<T> {
  const config: ClientConfig = {
    connectionString: login.url,
    application_name: 'magflock migrations',
    options: '-c search_path=pg_catalog,pg_temp',
    connectionTimeoutMillis: 5000,
  };
  const client = new Client(config);
  client.on('error', () => {});
  let ending: Promise<void> | undefined;
  // The SQL may take its own timeout off.
  const timer = setTimeout(() => {
    const { processID } = client as unknown as { readonly processID: number };
    ending = endServerSession(config, processID);
  }, longestMs);
  try {
    await client.connect().catch(() => {
      throw new MagFlockError('MF503', 'The database does not answer.');
    });
    return await work(client);
  } finally {
    clearTimeout(timer);
    await client.end().catch(() => {});
    await ending;
  }
}
