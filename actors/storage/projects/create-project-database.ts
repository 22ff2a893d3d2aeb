import { type ClientBase, escapeIdentifier } from 'pg';
import { projectDatabase, templateDatabase } from '../database-names.ts';
import type { Logins } from '../login.ts';
import { migrateUp } from '../migrate/migrate.ts';
import { ownerConnectionLimit } from '../owner-connection-limit.ts';
import { catalogOnly, connect } from '../postgres/connect.ts';
import type { DatabaseServer } from '../server.ts';
import { ensureLogin } from './ensure-role.ts';

const requestRoles = 'anon, authenticated, service_role';

/**
 * Makes a project's logins and database, or finishes what a crash interrupted. The template has everything but
 * what depends on the owner.
 * @param admin the administrator's connection to the maintenance database
 */
export async function createProjectDatabase(
  server: DatabaseServer,
  admin: ClientBase,
  logins: Logins,
  ref: string,
): Promise<void> {
  const database = escapeIdentifier(projectDatabase(ref));
  const owner = escapeIdentifier(logins.owner(ref).user);
  const authenticator = escapeIdentifier(logins.authenticator(ref).user);
  const selective = server.facts.versionNumber >= 160000;

  await ensureLogin(
    admin,
    logins.owner(ref),
    `inherit nocreatedb nocreaterole connection limit ${ownerConnectionLimit}`,
  );
  await ensureLogin(admin, logins.authenticator(ref), 'noinherit nocreatedb nocreaterole');
  await admin.query(
    `grant ${requestRoles} to ${authenticator}${selective ? ' with inherit false, set true' : ''}`,
  );
  const { rows } = await admin.query<{ super: boolean }>(
    `select rolsuper as super from pg_catalog.pg_roles where rolname = current_user`,
  );
  // Default privileges of another role, and handing over a schema, want membership from all but a superuser.
  if (rows[0]?.super !== true) {
    await admin.query(`grant ${owner} to current_user${selective ? ' with inherit true, set true' : ''}`);
  }
  const existing = await admin.query(`select from pg_catalog.pg_database where datname = $1`, [
    projectDatabase(ref),
  ]);
  // Nobody gets in before PUBLIC has lost its right to.
  if (existing.rows.length === 0) {
    await admin.query(`create database ${database} template ${templateDatabase} allow_connections false`);
  }
  await admin.query(`revoke all on database ${database} from public`);
  await admin.query(`grant connect, create, temporary on database ${database} to ${owner}`);
  await admin.query(`grant connect on database ${database} to ${authenticator}`);
  await admin.query(`alter database ${database} with allow_connections true`);

  const client = await connect({
    endpoint: server.endpoint,
    login: server.administrator,
    database: projectDatabase(ref),
    name: 'project',
    client: catalogOnly,
  });
  try {
    await migrateUp(client, 'project');
    await client.query(ownerRights(owner));
  } finally {
    await client.end();
  }
}

/** A new table grants nothing to anon and authenticated; secret keys see everything the owner makes. */
function ownerRights(owner: string): string {
  const future = `alter default privileges for role ${owner} in schema public grant`;
  return `begin;
    alter schema public owner to ${owner};
    revoke all on schema public from public;
    grant usage on schema public to ${requestRoles};
    ${future} all on tables to service_role;
    ${future} all on sequences to service_role;
    ${future} all on functions to service_role;
    do $body$ begin
      -- One that the project made itself is its own already.
      if exists (select from pg_catalog.pg_namespace
        where nspname operator(pg_catalog.=) 'extensions' and nspowner operator(pg_catalog.=) current_user::pg_catalog.regrole) then
        grant all on schema extensions to ${owner} with grant option;
      end if;
    end $body$;
    commit;`;
}

/** Removes a project's database, whoever is connected, and its logins. */
export async function dropProjectDatabase(admin: ClientBase, logins: Logins, ref: string): Promise<void> {
  await admin.query(`drop database if exists ${escapeIdentifier(projectDatabase(ref))} with (force)`);
  const extensions = await admin.query<{ name: string }>(
    `select rolname as name from pg_catalog.pg_roles where rolname ~ $1`,
    [`^ext_${ref}_[0-9a-f]{16}$`],
  );
  for (const user of [
    logins.owner(ref).user,
    logins.authenticator(ref).user,
    ...extensions.rows.map(({ name }) => name),
  ]) {
    await admin.query(`drop role if exists ${escapeIdentifier(user)}`);
  }
}
