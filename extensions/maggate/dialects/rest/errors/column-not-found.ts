import { RestError } from '../rest-error.ts';

/** PGRST204: a column that is to be written is none of the table's. */
export function columnNotFound(table: string, column: string): RestError {
  const message = `Could not find the '${column}' column of '${table}' in the schema cache`;
  return new RestError(400, 'PGRST204', message);
}
