import { RestError } from '../rest-error.ts';

/**
 * PGRST103: rows were asked that there cannot be.
 * @param details which of the bounds is wrong
 */
export function unsatisfiableRange(details: string): RestError {
  return new RestError(416, 'PGRST103', 'Requested range not satisfiable', { details });
}
