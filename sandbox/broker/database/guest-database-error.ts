import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/** What node-postgres' DatabaseError has of an ErrorResponse. */
interface ServerError {
  readonly code?: string;
  readonly message: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

const sqlstatePattern = /^[0-9A-Z]{5}$/;
/** insufficient_privilege, read_only_sql_transaction, and what needs rights of a superuser or a transaction's owner. */
const refusals = new Set(['42501', '25006', '0LP01', '0P000', '25001', '2D000']);
/** query_canceled: the time of the call is over. */
const late = new Set(['57014', '25P03', '25P04', '55P03']);

/**
 * A failure of a statement as its guest may see it: SQLSTATE and message, never where the database is, who logged in,
 * or the `detail`, which repeats values.
 */
export function guestDatabaseError(thrown: unknown): MagFlockError {
  if (MagFlockError.is(thrown)) return thrown;
  const { code, message, table, column, constraint } = thrown as ServerError;
  const fromServer = typeof code === 'string' && sqlstatePattern.test(code) && /\d/.test(code);
  if (!fromServer || /^(08|28|3D|53|57P|58|XX)/.test(code)) {
    return new MagFlockError('MF503', 'The database does not answer.', { cause: thrown });
  }
  const details = {
    name: 'DatabaseError',
    sqlstate: code,
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
    ...(constraint === undefined ? {} : { constraint }),
  };
  const text = message.slice(0, 500);
  if (refusals.has(code)) return new MagFlockError('MF674', text, { details });
  if (late.has(code)) return new MagFlockError('MF602', text, { details });
  return new MagFlockError('MF662', text, { details });
}
