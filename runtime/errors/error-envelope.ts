/** How an error crosses a thread, process or network border. Structured clone would lose class and code. */
export interface ErrorEnvelope {
  /** Stable code of the error catalogue, for example `MF404`. */
  readonly code: string;
  /** One sentence: what went wrong, with the value and what was allowed. */
  readonly message: string;
  /** How to fix it; shown to the user as is. */
  readonly fix?: string;
  /** Machine-readable facts: column, constraint, limit, incident id … Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
  readonly cause?: readonly ErrorEnvelope[];
}
