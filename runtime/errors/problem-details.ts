import type { ErrorCode } from './error-catalog.ts';
import type { MagFlockError } from './magflock-error.ts';

/** What RFC 9457 calls a problem detail, with our extension members. */
export interface ProblemDetails {
  /** Reference to the page that explains the code; the public listener serves it (`GET /errors/MF404`). */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Path of the request, without its query: a query may hold personal data. */
  readonly instance?: string;
  readonly code: ErrorCode;
  readonly fix: string;
  readonly requestId: string;
  /** Further facts: `column`, `constraint`, `incident`, `errors[] {pointer, detail}` … */
  readonly [extension: string]: unknown;
}

/** The request an error belongs to. */
export interface ProblemOccasion {
  readonly requestId: string;
  /** Path as received, percent-encoded. */
  readonly path?: string | undefined;
}

const reserved = new Set(['type', 'title', 'status', 'detail', 'instance', 'code', 'fix', 'requestId']);

const unexpected = 'Something unexpected happened while this request was answered.';

/**
 * An error as problem details (RFC 9457 §3). Members of `details` become extension members. Of an unexpected
 * error (MF699) nothing but the request id is told: its message was written for the log, not for a stranger.
 * @param error what went wrong
 * @param occasion the request it happened to
 */
export function problemDetails(error: MagFlockError, occasion: ProblemOccasion): ProblemDetails {
  const definition = error.definition;
  const hidden = error.code === 'MF699';
  const problem: Record<string, unknown> = {
    type: `/errors/${error.code}`,
    title: definition.title,
    status: definition.status,
    detail: hidden ? unexpected : error.message,
    ...(occasion.path === undefined ? {} : { instance: occasion.path }),
    code: error.code,
    fix: (hidden ? undefined : error.fix) ?? definition.help,
    requestId: occasion.requestId,
  };
  if (!hidden && error.details !== undefined) {
    for (const [name, value] of Object.entries(error.details)) {
      if (!reserved.has(name) && name !== '__proto__') problem[name] = value;
    }
  }
  return problem as unknown as ProblemDetails;
}
