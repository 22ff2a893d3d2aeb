/** Settings that the host makes itself, or that no request may change: Storage refuses plans that bring them. */
const names: ReadonlySet<string> = new Set([
  ...['role', 'session_authorization', 'is_superuser', 'row_security', 'session_replication_role'],
  ...['idle_session_timeout', 'idle_in_transaction_session_timeout', 'synchronous_commit', 'exit_on_error'],
  ...['client_encoding', 'standard_conforming_strings', 'backslash_quote', 'session_preload_libraries'],
  ...['local_preload_libraries', 'dynamic_library_path', 'allow_system_table_mods', 'search_path'],
]);
const starts = ['default_transaction_', 'transaction_', 'request.jwt'];

/**
 * Whether a setting of a role or function is left out of the transaction's: it is part of how the host speaks with the
 * database, or of BEGIN.
 */
export function belongsToHost(name: string): boolean {
  const lower = name.toLowerCase();
  return names.has(lower) || starts.some((start) => lower.startsWith(start));
}
