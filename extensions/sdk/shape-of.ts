import { createHash } from 'node:crypto';

/**
 * The name of a statement shape for `Plan.shape`: short, stable over restarts, and free of collisions that a
 * caller could provoke (96 bits of SHA-256), because two texts under one name would swap prepared statements.
 * @param sql the statement's text
 * @param types types of its parameters: a column whose type changed needs a new prepared statement even though
 *   the text is the same
 */
export function shapeOf(sql: string, types: readonly string[]): string {
  return `s${createHash('sha256').update(sql).update('\0').update(types.join('\0')).digest('base64url').slice(0, 16)}`;
}
