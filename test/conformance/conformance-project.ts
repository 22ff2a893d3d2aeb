import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';
import { connectSuperuser } from './fixtures/connect-superuser.ts';
import { loadSqlScript } from './fixtures/load-sql-script.ts';

export interface ConformanceProject {
  /** `/p/<ref>/rest/v1` */
  readonly prefix: string;
  readonly url: string;
  readonly publicKey: string;
  /** Extensions of PostgreSQL that its database could have. */
  readonly availableExtensions: ReadonlySet<string>;
  /** Sets these settings, in force when it returns. @throws Error with what the daemon answered */
  applySettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

const ref = 'conformance';
const database = `project_${ref}`;

/**
 * Starts a daemon with a project of its own and loads the fixtures into it, as superuser: they make roles and
 * extensions. What a script writes to `/tmp` goes into the daemon's folder.
 * @param fixtures folder with `load.sql`
 */
export async function openConformanceProject(fixtures: string): Promise<ConformanceProject> {
  const script = join(fixtures, 'load.sql');
  if (!existsSync(script)) throw new Error(`there is no ${script}`);
  const daemon = await startDaemon();
  try {
    await expectOk(daemon, 'POST', '/control/v1/projects', { ref });
    const { publicKey, extensions } = await prepare(daemon, script);
    return {
      prefix: `/p/${ref}/rest/v1`,
      url: daemon.url,
      publicKey,
      availableExtensions: extensions,
      applySettings: async (settings) => {
        await expectOk(daemon, 'POST', `/control/v1/projects/${ref}/settings`, { changes: settings });
      },
      close: async () => {
        await daemon.stop();
      },
    };
  } catch (thrown) {
    await daemon.stop();
    throw thrown;
  }
}

async function prepare(
  daemon: RunningDaemon,
  script: string,
): Promise<{ publicKey: string; extensions: ReadonlySet<string> }> {
  const client = await connectSuperuser(daemon.dataDir, database);
  const authenticator = `authenticator_${ref}`;
  const written = join(daemon.dataDir, 'postgres', 'data');
  try {
    await client.query(`alter system set autovacuum = off; `);
    await client.query('select pg_reload_conf()');
    await client.query(`alter database ${database} set timezone = 'utc'`);
    await client.query(`set timezone = 'utc'; set synchronous_commit = off`);
    await loadSqlScript(client, script, {
      variables: { PGUSER: authenticator, DBNAME: database },
      rewrite: (statement) => statement.replaceAll(/'\/tmp\/([\w.-]+)'/g, `'${written}/$1'`),
    });
    await client.query(`alter role ${authenticator} in database ${database} set search_path = public, test`);
    await client.query('vacuum analyze');
    const { rows } = await client.query<{ name: string }>('select name from pg_available_extensions');
    const made = await expectOk(daemon, 'POST', `/control/v1/keys?project=${ref}`, { role: 'anon' });
    return {
      publicKey: (made as { key: string }).key,
      extensions: new Set(rows.map(({ name }) => name)),
    };
  } finally {
    await client.end();
  }
}

async function expectOk(
  daemon: RunningDaemon,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const { status, json } = await daemon.control(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  return json;
}
