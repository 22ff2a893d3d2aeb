import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { RequestRole } from '../../../../runtime/protocol/identity.protocol.ts';

/** The only roles a lane ever switches to. */
const allowed: ReadonlySet<string> = new Set([
  'anon',
  'authenticated',
  'service_role',
] satisfies RequestRole[]);

/**
 * The first statement of every transaction of a lane: it sets whatever the transaction relies on, since the one
 * before may have changed it for the whole session. `pg_temp` comes last, or a temporary table shadows a real
 * one. It returns no row: the answer costs nothing to read.
 *
 * Parameters: claims, statement timeout in milliseconds, `on` when the transaction may only read.
 * @throws MF500 for a role outside the allow-list
 */
export function settingsStatement(role: RequestRole): string {
  if (!allowed.has(role)) throw new MagFlockError('MF500', `"${String(role)}" is not a role of requests.`);
  // Concatenated, not joined with AND: PostgreSQL may leave the rest of an AND out.
  return `select where (
    pg_catalog.set_config('role', '${role}', true)
    || pg_catalog.set_config('request.jwt.claims', $1, true)
    || pg_catalog.set_config('search_path', 'public, pg_temp', true)
    || pg_catalog.set_config('statement_timeout', $2, true)
    || pg_catalog.set_config('transaction_read_only', $3, true)
    || pg_catalog.set_config('row_security', 'on', true)) is null`;
}
