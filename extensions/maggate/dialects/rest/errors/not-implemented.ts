import { RestError } from '../rest-error.ts';

/** PGRST127. */
export function notImplemented(details: string): RestError {
  return new RestError(400, 'PGRST127', 'Feature not implemented', { details });
}
