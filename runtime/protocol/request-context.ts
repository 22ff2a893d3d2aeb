import type { JsonText } from './json-text.ts';

/** One API request after stage 1. Immutable facts; stages add their results beside it, not into it. */
export interface RequestContext {
  /** UUIDv7, or the caller's X-Request-Id when it is short and plain. */
  readonly id: string;
  /** W3C traceparent to pass on. */
  readonly trace: string;
  /** ref of the project the address names; `main` for bare paths. */
  readonly project: string;
  readonly method: string;
  /** Path below the project prefix, percent-encoded as received: `/api/track/5`. */
  readonly path: string;
  /** Raw query without `?`, as received. */
  readonly query: string;
  /** Lower-case names; repeated ones joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text, when it had one; checked to be UTF-8 and within limits. */
  readonly body: string | undefined;
  /** The body parsed once: the guard and the writer see the same parse. */
  readonly json: JsonText | undefined;
  /** Address of the client, after `trustedProxies`. */
  readonly address: string;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  readonly startedAt: number;
}
