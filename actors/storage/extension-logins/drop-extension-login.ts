import { type ClientBase, escapeIdentifier } from 'pg';
import { projectDatabase } from '../database-names.ts';
import { changeGrants } from './change-grants.ts';
import { endSessions } from './end-sessions.ts';

/**
 * Takes the login of an extension out of a project. With `keepSchema` the role stays without a way in, as the owner of
 * what is in its schema; the same extension finds it again.
 * @param client a connection of the administrator to the project's database, with `pg_catalog` as the only path
 * @returns whether there was anything to take out
 */
export async function dropExtensionLogin(
  client: ClientBase,
  project: string,
  user: string,
  keepSchema: boolean,
): Promise<boolean> {
  const { rows } = await client.query(`select from pg_roles where rolname = $1`, [user]);
  if (rows.length === 0) return false;
  const role = escapeIdentifier(user);
  const database = escapeIdentifier(projectDatabase(project));
  // First the door, then whoever is inside.
  await client.query(`alter role ${role} nologin`);
  await client.query(`revoke all on database ${database} from ${role}`);
  await endSessions(client, user);
  await client.query('begin');
  try {
    await changeGrants(client, user, []);
    const owned = await client.query(
      `select from pg_namespace where nspowner = (select oid from pg_roles where rolname = $1)`,
      [user],
    );
    if (!keepSchema || owned.rows.length === 0) {
      await client.query(`drop owned by ${role} cascade`);
      await client.query(`drop role ${role}`);
    }
    await client.query('commit');
  } catch (thrown) {
    await client.query('rollback').catch(() => {});
    throw thrown;
  }
  return true;
}
