import { envelope } from './envelope.ts';
import { userErrorCodes } from './user-error-codes.ts';

interface ToldError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly fix?: string;
  readonly details?: Record<string, unknown>;
}

/**
 * What an error of a guest becomes: its own code when that blames a user (a guest must not claim that the machine
 * failed), MF662 otherwise.
 * @param told JSON text out of the isolate
 */
export function guestFailure(told: string): string {
  const { name = 'Error', message = '', code, fix, details } = JSON.parse(told) as ToldError;
  if (code !== undefined && userErrorCodes.has(code)) {
    return envelope(code, message, {
      ...(fix === undefined ? {} : { fix }),
      ...(details === undefined ? {} : { details }),
    });
  }
  return envelope('MF662', `${name}: ${message}`, {
    details: { name, ...(code === undefined ? {} : { code }), ...(details === undefined ? {} : { details }) },
  });
}
