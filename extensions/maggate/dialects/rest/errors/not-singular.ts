import { RestError } from '../rest-error.ts';

/** PGRST116: one object was asked for, and there is none or more than one. */
export function notSingular(rows: number | string): RestError {
  return new RestError(406, 'PGRST116', 'Cannot coerce the result to a single JSON object', {
    details: `The result contains ${rows} rows`,
  });
}
