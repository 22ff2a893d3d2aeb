import { RestError } from '../rest-error.ts';

/** PGRST102: the body cannot be read as what it says it is. */
export function invalidBody(message: string): RestError {
  return new RestError(400, 'PGRST102', message);
}
