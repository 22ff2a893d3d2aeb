import { type ClientBase, escapeIdentifier } from 'pg';
import type { ExtensionLoginRequest } from '../../../runtime/protocol/storage.protocol.ts';
import { projectDatabase } from '../database-names.ts';
import type { Login } from '../login.ts';
import { ensureLogin } from '../projects/ensure-role.ts';
import { changeGrants } from './change-grants.ts';
import { endSessions } from './end-sessions.ts';
import { placeSchema } from './place-schema.ts';
import { readGrantableTables } from './read-grantable-tables.ts';
import { wantedGrants } from './wanted-grants.ts';

/** Sessions of one extension in one project: its pool has two, and one ends what does not want to end. */
const connectionLimit = 4;

/**
 * A net under the limits of each call, which are shorter. The login may change these for itself, all but the last:
 * `temp_file_limit` is a superuser's to set, and what a runaway sort or recursion fills is the disk.
 */
const backstops = [
  `statement_timeout = '5min'`,
  `idle_in_transaction_session_timeout = '10s'`,
  `lock_timeout = '5s'`,
  `work_mem = '4MB'`,
  `max_parallel_workers_per_gather = 0`,
];
const superuserBackstops = [`temp_file_limit = '256MB'`];

/**
 * Makes the login of an extension in one project, or changes it, so that it may do what the request says and nothing
 * else. Its sessions end when something was taken away.
 * @param client a connection of the administrator to the project's database, with `pg_catalog` as the only path
 * @param selective whether the server knows options of memberships (16 and newer)
 */
export async function ensureExtensionLogin(
  client: ClientBase,
  request: ExtensionLoginRequest,
  login: Login,
  owner: string,
  selective: boolean,
): Promise<void> {
  const role = escapeIdentifier(login.user);
  const attributes = `noinherit nocreatedb nocreaterole connection limit ${connectionLimit}`;
  try {
    await ensureLogin(client, login, `${attributes} bypassrls`);
  } catch (thrown) {
    // Who may not give BYPASSRLS: the login is subject to row security then, like service_role on such a server.
    if ((thrown as { code?: string }).code !== '42501') throw thrown;
    await ensureLogin(client, login, attributes);
  }
  const { rows } = await client.query<{ superuser: boolean }>(
    `select rolsuper as superuser from pg_roles where rolname = current_user`,
  );
  const superuser = rows[0]?.superuser === true;
  if (!superuser) {
    await client.query(`grant ${role} to current_user${selective ? ' with inherit true, set true' : ''}`);
  }
  await client.query(`alter role ${role} reset all`);
  for (const setting of [...backstops, ...(superuser ? superuserBackstops : [])]) {
    await client.query(`alter role ${role} set ${setting}`);
  }
  await client.query('begin');
  try {
    await client.query(
      `grant connect on database ${escapeIdentifier(projectDatabase(request.project))} to ${role}`,
    );
    const handedOver = await placeSchema(client, request, login.user, owner);
    const wanted = wantedGrants(request, await readGrantableTables(client), owner);
    const { revoked } = await changeGrants(client, login.user, wanted);
    await client.query('commit');
    if (revoked || handedOver) await endSessions(client, login.user);
  } catch (thrown) {
    await client.query('rollback').catch(() => {});
    throw thrown;
  }
}
