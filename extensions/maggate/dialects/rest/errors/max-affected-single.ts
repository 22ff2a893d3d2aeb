import { RestError } from '../rest-error.ts';

/** PGRST128: `max-affected` on a function whose answer is no set of rows. */
export function maxAffectedSingle(): RestError {
  const message =
    'Function must return SETOF or TABLE when max-affected preference is used with handling=strict';
  return new RestError(400, 'PGRST128', message);
}
