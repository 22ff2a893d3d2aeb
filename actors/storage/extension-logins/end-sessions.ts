import type { ClientBase } from 'pg';

/** Ends what a login is doing and closes its connections, whatever it does. */
export async function endSessions(client: ClientBase, role: string): Promise<void> {
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = $1`, [role]);
}
