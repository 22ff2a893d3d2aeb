import { RestError } from '../rest-error.ts';

/** PGRST122: `handling=strict`, and there are preferences that nobody knows. */
export function preferencesInvalid(invalid: readonly string[]): RestError {
  const details = `Invalid preferences: ${invalid.join(', ')}`;
  return new RestError(400, 'PGRST122', 'Invalid preferences given with handling=strict', { details });
}
