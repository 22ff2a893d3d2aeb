import { type ClientBase, escapeIdentifier } from 'pg';
import type { Logger } from '../../../runtime/telemetry/logger.ts';
import { controlDatabase, securityDatabase, templateDatabase } from '../database-names.ts';
import { migrateUp } from '../migrate/migrate.ts';
import { type MigrationSet, migrationsDigest } from '../migrate/read-migrations.ts';
import { catalogOnly, connect } from '../postgres/connect.ts';
import type { DatabaseServer } from '../server.ts';
import { ensureRole } from './ensure-role.ts';

/** Raised when what this file does changes without a migration having changed. */
const revision = 2;

export interface PreparedServer {
  /** Whether databases were made or changed now. */
  readonly fresh: boolean;
  /** Digest of the migrations that project databases should have. */
  readonly projectDigest: string;
  readonly notes: readonly string[];
}

/**
 * Roles, the control and security databases and the template of project databases. What is there already is
 * found by one digest, so that a later boot costs one query.
 * @param maintenance database that exists on every server and the administrator can enter
 */
export async function prepareServer(
  server: DatabaseServer,
  maintenance: string,
  log: Logger,
): Promise<PreparedServer> {
  const digest = `${revision}:${migrationsDigest(['control', 'security', 'project'])}`;
  const projectDigest = `${revision}:${migrationsDigest(['project'])}`;
  const prepared = await preparedBefore(server, digest);
  if (prepared !== undefined) return { fresh: false, projectDigest, notes: prepared };

  log.info('preparing roles and databases');
  const notes: string[] = [];
  const open = (database: string) =>
    connect({
      endpoint: server.endpoint,
      login: server.administrator,
      database,
      name: 'preparation',
      client: catalogOnly,
    });
  const admin = await open(maintenance);
  try {
    notes.push(...(await ensureRequestRoles(admin, server.facts.versionNumber)));
    for (const [database, set] of [
      [templateDatabase, 'project'],
      [controlDatabase, 'control'],
      [securityDatabase, 'security'],
    ] as const) {
      await ensureDatabase(admin, database, server.facts.versionNumber);
      const client = await open(database);
      try {
        await migrateDatabase(client, set);
        if (set === 'project') notes.push(...(await eventTriggerNotes(client)));
      } finally {
        await client.end();
      }
    }
    if (server.facts.kind === 'embedded') {
      await admin.query(`revoke connect, temporary on database postgres, template1 from public`);
    }
  } finally {
    await admin.end();
  }
  const control = await open(controlDatabase);
  try {
    await control.query(
      `insert into cp_core.installation (name, value) values ('digest', $1), ('notes', $2)
       on conflict (name) do update set value = excluded.value`,
      [digest, JSON.stringify(notes)],
    );
  } finally {
    await control.end();
  }
  return { fresh: true, projectDigest, notes };
}

/** The notes of the preparation that is in place; undefined when there is none, or an older one. */
async function preparedBefore(
  server: DatabaseServer,
  digest: string,
): Promise<readonly string[] | undefined> {
  let client: ClientBase & { end(): Promise<void> };
  try {
    client = await connect({
      endpoint: server.endpoint,
      login: server.administrator,
      database: controlDatabase,
      name: 'preparation',
      client: catalogOnly,
    });
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'MF508') return undefined; // no such database
    throw thrown;
  }
  try {
    const { rows } = await client.query<{ name: string; value: string }>(
      `select name, value from cp_core.installation`,
    );
    const facts = new Map(rows.map(({ name, value }) => [name, value]));
    if (facts.get('digest') !== digest) return undefined;
    return JSON.parse(facts.get('notes') ?? '[]') as string[];
  } catch (thrown) {
    if ((thrown as { code?: string }).code === '42P01') return undefined;
    throw thrown;
  } finally {
    await client.end();
  }
}

/** The roles of requests, shared by all projects: they own nothing and log in nowhere. */
async function ensureRequestRoles(admin: ClientBase, version: number): Promise<readonly string[]> {
  await ensureRole(admin, 'anon', 'nologin noinherit');
  await ensureRole(admin, 'authenticated', 'nologin noinherit');
  try {
    await ensureRole(admin, 'service_role', 'nologin noinherit bypassrls');
    return [];
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== '42501') throw thrown;
    await ensureRole(admin, 'service_role', 'nologin noinherit');
    const who = version >= 160000 ? 'a superuser, or a login with BYPASSRLS of its own,' : 'a superuser';
    return [`secret keys are subject to row security: only ${who} can give service_role BYPASSRLS`];
  }
}

async function ensureDatabase(admin: ClientBase, database: string, version: number): Promise<void> {
  const { rows } = await admin.query(`select from pg_catalog.pg_database where datname = $1`, [database]);
  const name = escapeIdentifier(database);
  if (rows.length === 0) {
    const locale =
      version >= 170000
        ? `locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`
        : await oldLocale(admin);
    await admin.query(
      `create database ${name} template template0 encoding 'UTF8' ${locale} allow_connections false`,
    );
  }
  await admin.query(`revoke all on database ${name} from public`);
  await admin.query(`alter database ${name} with allow_connections true`);
}

/** Before PostgreSQL 17 there is no locale that all machines have but C; the server's own is better if it fits. */
async function oldLocale(admin: ClientBase): Promise<string> {
  const { rows } = await admin.query<{ utf8: boolean }>(
    `select pg_catalog.pg_encoding_to_char(encoding) = 'UTF8' as utf8 from pg_catalog.pg_database where datname = 'template1'`,
  );
  return rows[0]?.utf8 === true ? '' : `lc_collate 'C' lc_ctype 'C'`;
}

async function migrateDatabase(client: ClientBase, set: MigrationSet): Promise<void> {
  await migrateUp(client, set);
  await client.query(`revoke all on schema public from public`);
}

async function eventTriggerNotes(client: ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query(
    `select from pg_catalog.pg_event_trigger where evtname = 'magflock_ddl'`,
  );
  return rows.length > 0
    ? []
    : ['schema changes are found by polling: only a superuser can make event triggers'];
}
