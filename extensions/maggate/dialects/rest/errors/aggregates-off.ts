import { RestError } from '../rest-error.ts';

/** PGRST123: the setting dbAggregatesEnabled is off. */
export function aggregatesOff(): RestError {
  return new RestError(400, 'PGRST123', 'Use of aggregate functions is not allowed');
}
