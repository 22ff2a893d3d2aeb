/** By the whole SQLSTATE (appendix A of the manual). */
const byCode: Readonly<Record<string, number>> = {
  '23503': 409, // foreign_key_violation
  '23505': 409, // unique_violation
  '25006': 405, // read_only_sql_transaction
  '42P01': 404, // undefined_table
  '42P17': 500, // invalid_object_definition: a policy that asks itself
  '53400': 500, // configuration_limit_exceeded
  '57P01': 503, // admin_shutdown
  P0001: 400, // raise_exception
};

/** By the class: the first two characters. */
const byClass: Readonly<Record<string, number>> = {
  '08': 503, // connection exception
  '09': 500, // triggered action exception
  '0L': 403, // invalid grantor
  '0P': 403, // invalid role specification
  '25': 500, // invalid transaction state
  '28': 403, // invalid authorization specification
  '2D': 500, // invalid transaction termination
  '38': 500, // external routine exception
  '39': 500, // external routine invocation
  '3B': 500, // savepoint exception
  '40': 500, // transaction rollback
  '53': 503, // insufficient resources
  '54': 500, // program limit exceeded
  '55': 500, // object not in prerequisite state
  '57': 500, // operator intervention
  '58': 500, // system error
  F0: 500, // configuration file error
  HV: 500, // foreign data wrapper
  P0: 500, // PL/pgSQL
  XX: 500, // internal error
};

/**
 * HTTP status of an error of PostgreSQL, as PostgREST has it.
 * @param signedIn false turns a missing right into 401: who has no token should get one
 */
export function sqlstateStatus(sqlstate: string, message: string, signedIn: boolean): number {
  switch (sqlstate) {
    case '21000':
      // What the extension safeupdate says is the caller's mistake; the rest is that of a view or function.
      return message.endsWith('requires a WHERE clause') ? 400 : 500;
    case '22023':
      return message.startsWith('role') && message.endsWith('does not exist') ? 401 : 400;
    case '42883':
      // An xml answer of rows without an xml column: no such media type here.
      return message.startsWith('function xmlagg(') ? 406 : 404;
    case '42501':
      return signedIn ? 403 : 401;
  }
  if (sqlstate.startsWith('PT')) return raisedStatus(sqlstate.slice(2));
  return byCode[sqlstate] ?? byClass[sqlstate.slice(0, 2)] ?? 400;
}

/** `RAISE SQLSTATE 'PT402'` chooses the status. Those that are no final answers do not go on the wire. */
function raisedStatus(digits: string): number {
  const status = /^[0-9]{3}$/.test(digits) ? Number(digits) : 500;
  return status >= 200 && status <= 599 ? status : 500;
}
