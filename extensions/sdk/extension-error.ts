/**
 * An error an extension answers with. The host turns it into the shape of the dialect that was called;
 * `code` is one of the host's error catalogue (`MF402`).
 */
export class ExtensionError extends Error {
  override readonly name = 'ExtensionError';
  readonly code: string;
  readonly fix: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: string,
    message: string,
    options: {
      readonly fix?: string | undefined;
      readonly details?: Readonly<Record<string, unknown>> | undefined;
    } = {},
  ) {
    super(message);
    this.code = code;
    this.fix = options.fix;
    this.details = options.details;
  }
}
