/**
 * An error of the PostgREST dialect as it goes on the wire: `{code, message, details, hint}`. Texts that clients and
 * test suites compare are part of the protocol.
 */
export class RestError extends Error {
  override readonly name = 'RestError';
  /** `PGRST205`, an SQLSTATE, or a code of our own catalogue where the dialect has none. */
  readonly code: string;
  readonly status: number;
  /** Text, or JSON that goes on the wire as it is (a list of candidates). */
  readonly details: unknown;
  readonly hint: string | null;
  readonly headers: Readonly<Record<string, string>>;

  /** @param status HTTP status */
  constructor(
    status: number,
    code: string,
    message: string,
    more: {
      readonly details?: unknown;
      readonly hint?: string | null | undefined;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = more.details ?? null;
    this.hint = more.hint ?? null;
    this.headers = more.headers ?? {};
  }
}
