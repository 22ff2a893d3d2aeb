import { escapeLiteral } from 'pg';
import type { RequestRole } from '../../../../runtime/protocol/identity.protocol.ts';

/**
 * Settings that a plan brings along: before the lane's own, which therefore win, and as the login role, because the
 * right to set a parameter may have been granted to that one alone. It returns no row. The operator is named in full:
 * an earlier request may have left a search path behind in which it means something else.
 *
 * Parameter: an object of names and texts as JSON.
 */
export const planSettingsStatement = `select where (
    select pg_catalog.count(pg_catalog.set_config(key, value, true))
    from pg_catalog.json_each_text($1::pg_catalog.json)) operator(pg_catalog.<) 0`;

/**
 * The first statement of every transaction of a lane: it sets whatever the transaction relies on, since the one
 * before may have changed it for the whole session. `pg_temp` comes last, or a temporary table shadows a real
 * one. It returns no row: the answer costs nothing to read.
 *
 * Parameters: claims, statement timeout in milliseconds, `on` when the transaction may only read, search path.
 * @param role one that `roleRefusal` lets pass; whether it is there and may be taken on, PostgreSQL says
 */
export function settingsStatement(role: RequestRole): string {
  // Concatenated, not joined with AND: PostgreSQL may leave the rest of an AND out.
  return `select where (
    pg_catalog.set_config('role', ${escapeLiteral(role)}, true)
    || pg_catalog.set_config('request.jwt.claims', $1, true)
    || pg_catalog.set_config('search_path', $4, true)
    || pg_catalog.set_config('statement_timeout', $2, true)
    || pg_catalog.set_config('transaction_read_only', $3, true)
    || pg_catalog.set_config('row_security', 'on', true)) is null`;
}
