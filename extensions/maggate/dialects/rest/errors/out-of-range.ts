import { RestError } from '../rest-error.ts';

/** The offset lies behind the last row. */
export function outOfRange(offset: number, total: number): RestError {
  return new RestError(416, 'PGRST103', 'Requested range not satisfiable', {
    details: `An offset of ${offset} was requested, but there are only ${total} rows.`,
  });
}
