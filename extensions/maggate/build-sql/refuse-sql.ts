import { quoteLiteral } from './quote-literal.ts';

/**
 * Ends the transaction with an error of our own catalogue as SQLSTATE. COMMIT is already on the wire when the
 * statement runs, so what must roll back has to raise inside the SQL.
 */
export function refuseSql(code: 'MF404' | 'MF409' | 'MF422', message: string): string {
  return `mg_sys.refuse('${code}', ${quoteLiteral(message)})`;
}
