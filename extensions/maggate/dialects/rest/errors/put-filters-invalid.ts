import { RestError } from '../rest-error.ts';

/** PGRST105: a PUT does not name its row by the whole primary key and nothing else. */
export function putFiltersInvalid(): RestError {
  const message = "Filters must include all and only primary key columns with 'eq' operators";
  return new RestError(405, 'PGRST105', message);
}
