import { totalmem } from 'node:os';
import { ownerConnectionLimit } from '../owner-connection-limit.ts';

/** Connections kept back for the administrator, `magflock sql`, imports and LISTEN. */
const reserve = 40;

/**
 * Connections the embedded server takes, for a cap of `storage.maxConnections`: an owner's own programs may use all
 * that one owner may, and leave enough for everybody else.
 */
export function serverConnections(maxConnections: number): number {
  return maxConnections + reserve + ownerConnectionLimit;
}

/**
 * Options on the postmaster's command line: there they win over postgresql.conf and ALTER SYSTEM.
 * @param maxConnections the setting `storage.maxConnections`
 */
export function serverOptions(maxConnections: number): Readonly<Record<string, string>> {
  const megabytes = Math.floor(totalmem() / 1024 / 1024);
  const buffers = Math.min(1024, Math.max(128, Math.floor(megabytes / 16)));
  return {
    // Durability: an acknowledged write is on the disk.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    listen_addresses: '127.0.0.1',
    unix_socket_permissions: '0700',
    max_connections: String(serverConnections(maxConnections)),
    shared_buffers: `${buffers}MB`,
    effective_cache_size: `${Math.max(buffers * 2, Math.floor(megabytes / 2))}MB`,
    // Statements of an API are short; compiling one costs more than running it.
    jit: 'off',
    max_wal_size: '1GB',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Errors of statements go to whoever sent them. The log keeps what concerns the server, and no SQL text,
    // which may hold what nobody should read in a log.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_checkpoints: 'off',
    logging_collector: 'off',
    restart_after_crash: 'on',
    // Nobody waits for the statement of a client that is gone.
    client_connection_check_interval: '2s',
    // After a crash: one call for the file system instead of one for each of a thousand projects' files.
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
  };
}
