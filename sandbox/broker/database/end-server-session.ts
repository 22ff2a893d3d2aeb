import { Client, type ClientConfig } from 'pg';

/**
 * Ends a session of a login on the server, from a second connection of the same login. A cancel request would not do,
 * since a function can catch that. Best effort: a statement that nobody could end runs into its own timeout.
 * @param processId of the backend, as the server told it at the start of the session
 */
export async function endServerSession(config: ClientConfig, processId: number): Promise<void> {
  const client = new Client({ ...config, connectionTimeoutMillis: 2000, query_timeout: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(
      `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
       where pid = $1 and usename = current_user and pid <> pg_catalog.pg_backend_pid()`,
      [processId],
    );
  } catch {
    // The server is away, or all connections of the login are taken.
  } finally {
    await client.end().catch(() => {});
  }
}
