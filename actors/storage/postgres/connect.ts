import { Client, type ClientConfig } from 'pg';
import type { Endpoint } from '../endpoint.ts';
import type { Login } from '../login.ts';
import { mapError } from './map-error.ts';

export interface ConnectOptions {
  readonly endpoint: Endpoint;
  readonly login: Login;
  readonly database: string;
  /** What `pg_stat_activity` shows. */
  readonly name: string;
  /** Milliseconds; default 5,000. */
  readonly timeoutMs?: number;
  /** Further options of node-postgres. */
  readonly client?: ClientConfig;
}

/**
 * For connections of the administrator: names are looked up in `pg_catalog` only, since the owner of a project could
 * put anything into `public`.
 */
export const catalogOnly: ClientConfig = { options: '-c search_path=pg_catalog,pg_temp' };

/** Options of node-postgres for a login on a server. */
export function clientConfig(options: ConnectOptions): ClientConfig {
  const { endpoint, login } = options;
  return {
    host: endpoint.host,
    port: endpoint.port,
    ssl: endpoint.ssl,
    user: login.user,
    password: login.password,
    database: options.database,
    application_name: `magflock ${options.name}`,
    connectionTimeoutMillis: options.timeoutMs ?? 5000,
    keepAlive: true,
    ...options.client,
  };
}

/** A connection of its own; the caller ends it. @throws MF503, MF507, MF508 */
export async function connect(options: ConnectOptions): Promise<Client> {
  const client = new Client(clientConfig(options));
  // An idle connection that dies reports it here; whoever uses it next gets the error of its query.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (thrown) {
    await client.end().catch(() => {});
    throw mapError(thrown);
  }
}
