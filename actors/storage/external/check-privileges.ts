import type { ClientBase } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

interface Rights {
  readonly user: string;
  readonly superuser: boolean;
  readonly createdb: boolean;
  readonly createrole: boolean;
  readonly replica: boolean;
  readonly free: number;
}

/** Fewer than this are worth a warning. */
const fewConnections = 20;

/**
 * What the login of DATABASE_URL lacks. Without CREATEDB and CREATEROLE there are no projects. What degrades without
 * a superuser (row security, event triggers) is found and told where it is set up.
 * @param version as `server_version_num` counts
 * @returns notes of what will be missing
 * @throws MF700 listing every privilege that is required and missing, with the statement that grants them
 */
export async function checkPrivileges(client: ClientBase, version: number): Promise<readonly string[]> {
  const { rows } = await client.query<Rights>(`
    select current_user as user, rolsuper as superuser, rolcreatedb as createdb, rolcreaterole as createrole,
           pg_catalog.pg_is_in_recovery() as replica,
           current_setting('max_connections')::int - (select count(*)::int from pg_catalog.pg_stat_activity) as free
    from pg_catalog.pg_roles where rolname = current_user`);
  const rights = rows[0] as Rights;
  if (rights.replica) {
    throw new MagFlockError('MF700', 'The PostgreSQL of DATABASE_URL is a read-only standby.', {
      fix: 'Use the URL of the primary server.',
    });
  }
  if (!rights.superuser) {
    // Before version 15 the schema public belongs to the superuser, and only that one can hand it over.
    const missing =
      version < 150000
        ? ['SUPERUSER']
        : [...(rights.createdb ? [] : ['CREATEDB']), ...(rights.createrole ? [] : ['CREATEROLE'])];
    if (missing.length > 0) {
      throw new MagFlockError(
        'MF700',
        `The login "${rights.user}" of DATABASE_URL lacks ${missing.join(' and ')}.`,
        {
          fix: `As a superuser: alter role "${rights.user}" ${missing.join(' ')}`,
          details: { missing },
        },
      );
    }
  }
  if (rights.free >= fewConnections) return [];
  return [`the server has only ${rights.free} free connections (max_connections)`];
}
