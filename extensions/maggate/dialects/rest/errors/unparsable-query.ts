import { RestError } from '../rest-error.ts';

/**
 * PGRST100: the query string does not follow the grammar.
 * @param what what was read, with its text
 * @param position where in that text
 * @param details what was found there and what would have been right
 */
export function unparsableQuery(what: string, position: string, details: string): RestError {
  return new RestError(400, 'PGRST100', `"${what}" ${position}`, { details });
}
