import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDaemon } from '../../support/daemon.ts';
import { connectSuperuser } from '../fixtures/connect-superuser.ts';
import { loadSqlScript } from '../fixtures/load-sql-script.ts';

export interface SuiteProject {
  readonly url: string;
  readonly prefix: string;
  readonly publicKey: string;
  close(): Promise<void>;
}

const ref = 'suite';
const database = `project_${ref}`;

/**
 * Starts a daemon with a project for the suite: its migrations and seeds, the rights that its platform gives roles by
 * default, and the settings that its configuration and its migrations ask for.
 * @param tests folder with `supabase/`
 */
export async function openSuiteProject(tests: string): Promise<SuiteProject> {
  const folder = join(tests, 'supabase');
  const daemon = await startDaemon();
  const ask = async (path: string, body: unknown): Promise<unknown> => {
    const { status, json } = await daemon.control('POST', path, body);
    if (status >= 300) throw new Error(`POST ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  };
  try {
    await ask('/control/v1/projects', { ref });
    const settings = await prepareDatabase(daemon.dataDir, folder);
    await ask(`/control/v1/projects/${ref}/settings`, { changes: settings });
    const { key } = (await ask(`/control/v1/keys?project=${ref}`, { role: 'anon' })) as { key: string };
    return {
      url: daemon.url,
      prefix: `/p/${ref}/rest/v1`,
      publicKey: key,
      close: async () => {
        await daemon.stop();
      },
    };
  } catch (thrown) {
    await daemon.stop();
    throw thrown;
  }
}

async function prepareDatabase(dataDir: string, folder: string): Promise<Record<string, unknown>> {
  const settings = configuredSettings(join(folder, 'config.toml'));
  const client = await connectSuperuser(dataDir, database);
  try {
    const roles = 'anon, authenticated, service_role';
    for (const schema of ['extensions', ...(settings['dbSchemas'] as string[])]) {
      if (schema === 'personal') continue;
      await client.query(
        `create schema if not exists "${schema}"; grant usage on schema "${schema}" to ${roles}`,
      );
    }
    for (const kind of ['tables', 'sequences', 'functions']) {
      await client.query(`alter default privileges in schema public grant all on ${kind} to ${roles}`);
    }
    await client.query(`alter database ${database} set search_path = '$user', public, extensions`);
    await client.query("set search_path = '$user', public, extensions");
    const migrations = join(folder, 'migrations');
    const files = readdirSync(migrations)
      .toSorted()
      .map((file) => join(migrations, file));
    for (const file of [...files, join(folder, 'seed.sql')]) {
      await loadSqlScript(client, file, { rewrite: (statement) => rewritten(statement, settings) });
    }
  } finally {
    await client.end();
  }
  return settings;
}

/** Settings of the server stand at its login's role; PostGIS is not there, its column is a text. */
function rewritten(statement: string, settings: Record<string, unknown>): string | undefined {
  const setting = /^alter role authenticator set pgrst\.(\w+) to '([^']*)'$/i.exec(statement);
  if (setting !== null) {
    const name = (setting[1] as string).replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    const value = setting[2] as string;
    settings[name] = value === 'true' || value === 'false' ? value === 'true' : value;
    return undefined;
  }
  if (/^create extension if not exists postgis\b/i.test(statement)) return undefined;
  return statement.replaceAll(/\bextensions\.geometry\([^)]*\)/gi, 'text');
}

/** What `[api]` of the platform's configuration says of the data API. */
function configuredSettings(file: string): Record<string, unknown> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const value = (name: string): unknown => {
    const found = new RegExp(`^${name} = (.+)$`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : JSON.parse(found);
  };
  return {
    dbSchemas: value('schemas') ?? ['public'],
    dbExtraSearchPath: value('extra_search_path') ?? ['public'],
    dbMaxRows: value('max_rows') ?? null,
  };
}
