import { type ErrorCode, errorCatalog } from './error-catalog.ts';
import type { ErrorDefinition } from './error-definition.ts';
import type { ErrorEnvelope } from './error-envelope.ts';

export interface MagFlockErrorOptions {
  readonly fix?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
  /** Overrides the catalogue, for example a write whose outcome is unknown must not be retried. */
  readonly retryable?: boolean | undefined;
}

/** The one error class of MagFlock. Match on `code`, never on class: it crosses threads and package copies. */
export class MagFlockError extends Error {
  override readonly name = 'MagFlockError';
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryable: boolean;

  /**
   * @param code a code of the catalogue
   * @param message what went wrong, naming the place, the value and what was allowed
   */
  constructor(code: ErrorCode, message: string, options: MagFlockErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fix = options.fix;
    this.details = options.details;
    this.retryable = options.retryable ?? errorCatalog[code].retryable;
  }

  get definition(): ErrorDefinition {
    return errorCatalog[this.code];
  }

  /** The HTTP status of this error (RFC 9110). */
  get status(): number {
    return this.definition.status;
  }

  /** The form that crosses borders: no stack, so no host path reaches a guest or a client. */
  toEnvelope(): ErrorEnvelope {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.fix === undefined ? {} : { fix: this.fix }),
      ...(this.details === undefined ? {} : { details: this.details }),
      ...(this.cause === undefined ? {} : { cause: [MagFlockError.from(this.cause).toEnvelope()] }),
    };
  }

  /** The error again, on the other side of a border. An unknown code becomes MF699. */
  static fromEnvelope(envelope: ErrorEnvelope): MagFlockError {
    const known = Object.hasOwn(errorCatalog, envelope.code);
    const first = envelope.cause?.[0];
    return new MagFlockError(known ? (envelope.code as ErrorCode) : 'MF699', envelope.message, {
      fix: envelope.fix,
      details: envelope.details,
      retryable: envelope.retryable,
      cause: first === undefined ? undefined : MagFlockError.fromEnvelope(first),
    });
  }

  /** Any thrown value as a MagFlockError; what is not one already becomes MF699 with the original as cause. */
  static from(thrown: unknown): MagFlockError {
    if (MagFlockError.is(thrown)) return thrown;
    if (thrown instanceof Error) {
      // Errors of extensions carry a catalogue code without being of this class.
      const foreign = thrown as Error & Partial<ErrorEnvelope>;
      const known = typeof foreign.code === 'string' && Object.hasOwn(errorCatalog, foreign.code);
      const error = new MagFlockError(
        known ? (foreign.code as ErrorCode) : 'MF699',
        thrown.message || thrown.name,
        {
          fix: known ? foreign.fix : undefined,
          details: known ? foreign.details : undefined,
        },
      );
      if (thrown.stack !== undefined) error.stack = thrown.stack;
      return error;
    }
    return new MagFlockError('MF699', describe(thrown));
  }

  static is(thrown: unknown): thrown is MagFlockError {
    return thrown instanceof MagFlockError;
  }
}

/** Anything can be thrown, an object without a prototype for example, which has no string. */
function describe(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `a value of type ${typeof thrown} was thrown`;
  }
}
