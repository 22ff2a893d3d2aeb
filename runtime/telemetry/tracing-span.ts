/** One asked message, from its start to its outcome. Never its payload. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** The span in which it was asked; undefined for the first of a trace. */
  readonly parentId: string | undefined;
  readonly actor: string;
  readonly method: string;
  /** Path of the asker. */
  readonly from: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly start: number;
  readonly end: number;
  /** Code of the error. */
  readonly error: string | undefined;
}
