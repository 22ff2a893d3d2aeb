import type { Payload } from '../rest-request.ts';

/** The body as PostgreSQL gets it, and whether it is an array of rows. */
export function payloadBody(payload: Payload | undefined): {
  readonly body: string | null;
  readonly many: boolean;
} {
  switch (payload?.kind) {
    case undefined:
      return { body: null, many: true };
    case 'json':
      return { body: payload.text, many: payload.many };
    case 'raw-json':
      // Only the first character: whether the rest is JSON is PostgreSQL's to say.
      return { body: payload.text, many: !/^[ \t\n\r]*\{/.test(payload.text) };
    case 'form':
      return { body: JSON.stringify(Object.fromEntries(payload.pairs)), many: false };
    case 'raw':
      return { body: payload.text, many: false };
  }
}
