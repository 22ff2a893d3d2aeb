import type { ErrorEnvelope } from '../../runtime/errors/error-envelope.ts';
import { envelope } from './envelope.ts';

/** An error without a code of ours says nothing to a guest: it may name paths of the machine. */
export function hostFailure(error: unknown): string {
  const { code, message, fix, details, retryable } = error as Partial<ErrorEnvelope>;
  if (typeof code !== 'string' || !/^MF\d{3}$/.test(code)) {
    return envelope('MF699', 'The host could not do this.');
  }
  return envelope(code, String(message), {
    ...(fix === undefined ? {} : { fix }),
    ...(details === undefined ? {} : { details }),
    retryable: retryable === true,
  });
}
