import type { ErrorEnvelope } from '../../runtime/errors/error-envelope.ts';

/** JSON text of an `ErrorEnvelope`. The catalogue itself is not to be had in a cage. */
export function envelope(
  code: string,
  message: string,
  rest: {
    readonly fix?: string;
    readonly details?: ErrorEnvelope['details'];
    readonly retryable?: boolean;
  } = {},
): string {
  const { fix, details, retryable = false } = rest;
  const made: ErrorEnvelope = {
    code,
    message,
    ...(fix === undefined ? {} : { fix }),
    ...(details === undefined ? {} : { details }),
    retryable,
  };
  return JSON.stringify(made);
}
