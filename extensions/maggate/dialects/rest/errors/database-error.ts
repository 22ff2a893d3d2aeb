import type { DatabaseErrorFacts } from '../../../../sdk/index.ts';
import { RestError } from '../rest-error.ts';
import { raisedError } from './raised-error.ts';
import { sqlstateStatus } from './sqlstate-status.ts';

/**
 * An error of PostgreSQL in the words of the dialect, which are PostgreSQL's own: its SQLSTATE as code, its message,
 * detail and hint. Where it happened and the statement are never told.
 * @param signedIn the caller is somebody, so that a token would not help
 */
export function databaseError(
  facts: Pick<DatabaseErrorFacts, 'sqlstate' | 'message' | 'detail' | 'hint'>,
  signedIn: boolean,
): RestError {
  const { sqlstate, message, detail, hint } = facts;
  if (sqlstate === 'PGRST') return raisedError(message, detail);
  const status = sqlstateStatus(sqlstate, message, signedIn);
  return new RestError(status, sqlstate, message, {
    details: detail ?? null,
    hint: hint ?? null,
    headers: status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {},
  });
}
