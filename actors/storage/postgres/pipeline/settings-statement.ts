import { escapeLiteral } from 'pg';
import type { RequestRole } from '../../../../runtime/protocol/identity.protocol.ts';

/**
 * The first statement of every transaction of a lane: it sets whatever the transaction relies on, since the one
 * before may have changed it for the whole session. `pg_temp` comes last, or a temporary table shadows a real
 * one. It returns no row: the answer costs nothing to read.
 *
 * Parameters: claims, statement timeout in milliseconds, `on` when the transaction may only read, search path, and a
 * value for each of `names`.
 * @param role one that `roleRefusal` lets pass; whether it is there and may be taken on, PostgreSQL says
 * @param names settings that a plan brings along, checked. They come first: as the login role, because the right to set
 *   a parameter may have been granted to that one alone, and so that the lane's own have the last word
 */
export function settingsStatement(role: RequestRole, names: readonly string[] = []): string {
  const brought = names.map(
    (name, index) => `pg_catalog.set_config(${escapeLiteral(name)}, $${index + 5}, true)\n    || `,
  );
  // Concatenated, not joined with AND: PostgreSQL may leave the rest of an AND out.
  return `select where (
    ${brought.join('')}pg_catalog.set_config('role', ${escapeLiteral(role)}, true)
    || pg_catalog.set_config('request.jwt.claims', $1, true)
    || pg_catalog.set_config('search_path', $4, true)
    || pg_catalog.set_config('statement_timeout', $2, true)
    || pg_catalog.set_config('transaction_read_only', $3, true)
    || pg_catalog.set_config('row_security', 'on', true)) is null`;
}
