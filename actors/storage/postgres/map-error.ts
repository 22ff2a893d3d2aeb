import { DatabaseFailure } from '../../../runtime/errors/database-failure.ts';
import type { ErrorCode } from '../../../runtime/errors/error-catalog.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { DatabaseErrorFacts } from '../../../runtime/protocol/gateway.protocol.ts';

/** Fields of an ErrorResponse as node-postgres and our wire reader name them. */
export interface ServerErrorFields {
  readonly code?: string | undefined;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  readonly dataType?: string | undefined;
  readonly where?: string | undefined;
}

/** SQLSTATE (appendix A of the manual) → code; what is not here goes by its class. */
const bySqlstate: Readonly<Record<string, ErrorCode>> = {
  '40001': 'MF505', // serialization_failure
  '40P01': 'MF505', // deadlock_detected
  '55P03': 'MF505', // lock_not_available
  '40003': 'MF501', // statement_completion_unknown
  '57014': 'MF504', // query_canceled: the statement timeout
  '25P03': 'MF503', // idle_in_transaction_session_timeout
  '25P04': 'MF504', // transaction_timeout
  '53100': 'MF506', // disk_full
  '53000': 'MF507',
  '53200': 'MF507', // out_of_memory
  '53300': 'MF507', // too_many_connections
  '53400': 'MF507',
  '57P01': 'MF503', // admin_shutdown
  '57P02': 'MF503', // crash_shutdown
  '57P03': 'MF503', // cannot_connect_now
  '57P04': 'MF508', // database_dropped
  '57P05': 'MF503',
  '3D000': 'MF508', // invalid_catalog_name
};

/** Codes that a project raises are its own to choose; EPIPE and EBUSY of a socket look alike. */
const sqlstatePattern = /^(?:[0-9A-DF-Z][0-9A-Z]{4}|E(?=[A-Z]*[0-9])[0-9A-Z]{4})$/;

/** What a plan itself refuses with; code of the project must not be able to speak with our voice (`MF204`). */
const refusals: ReadonlySet<string> = new Set(['MF404', 'MF409', 'MF422']);

/** Classes of errors that the caller of a plan caused and the gateway can explain. */
const explainable = new Set([
  'MF',
  '0A',
  '21',
  '22',
  '23',
  '25',
  '42',
  '44',
  '2B',
  '54',
  '55',
  'P0',
  '27',
  '09',
]);

/** Classes that are PostgreSQL's own (appendix A of the manual); any other code was raised by the project. */
const classesOfServer = /^(?:[0-5]|F0|HV|P0|XX)/;

/**
 * Any failure of a database call in the words of MagFlock: a MagFlockError, or a DatabaseFailure with
 * PostgreSQL's facts for the gateway to explain.
 */
export function mapError(thrown: unknown): MagFlockError | DatabaseFailure {
  if (MagFlockError.is(thrown) || thrown instanceof DatabaseFailure) return thrown;
  const fields = thrown as ServerErrorFields;
  const sqlstate = fields.code;
  if (typeof sqlstate !== 'string' || !sqlstatePattern.test(sqlstate)) return connectionError(thrown);
  if (refusals.has(sqlstate)) {
    return new MagFlockError(sqlstate as ErrorCode, fields.message, { fix: fields.hint });
  }
  const as = (code: ErrorCode): MagFlockError =>
    new MagFlockError(code, sentence(fields.message), { details: { sqlstate } });
  if (/No space left on device|Disk quota exceeded/.test(fields.message)) return diskFull(thrown);
  const code = bySqlstate[sqlstate];
  if (code === 'MF506') return diskFull(thrown);
  if (code !== undefined) return as(code);
  if (sqlstate.startsWith('08')) return as('MF503');
  if (explainable.has(sqlstate.slice(0, 2)) || !classesOfServer.test(sqlstate))
    return new DatabaseFailure(databaseErrorFacts(fields));
  return as('MF500');
}

/** PostgreSQL's facts of a failed statement. */
export function databaseErrorFacts(fields: ServerErrorFields): DatabaseErrorFacts {
  const parameter = fields.where?.match(/portal(?: "[^"]*")? parameter \$(?<number>\d+)/)?.groups?.['number'];
  return {
    sqlstate: fields.code ?? 'XX000',
    message: fields.message,
    detail: fields.detail,
    hint: fields.hint,
    schema: fields.schema,
    table: fields.table,
    column: fields.column,
    constraint: fields.constraint,
    dataType: fields.dataType,
    where: fields.where,
    parameter: parameter === undefined ? undefined : Number(parameter) - 1,
  };
}

/** Socket errors, and node-postgres' own about a connection that ended. */
function connectionError(thrown: unknown): MagFlockError {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const known = typeof code === 'string' || /connection|timeout|terminated|queryable/i.test(message ?? '');
  if (!known) return MagFlockError.from(thrown);
  return new MagFlockError('MF503', `The database does not answer (${code ?? message}).`);
}

function diskFull(thrown: unknown): MagFlockError {
  const { message, code } = thrown as ServerErrorFields;
  return new MagFlockError('MF506', sentence(message), { details: { sqlstate: code } });
}

function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
