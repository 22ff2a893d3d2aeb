import { RestError } from '../rest-error.ts';
import { isHeader } from './is-header.ts';

/**
 * `RAISE SQLSTATE 'PGRST'` says the whole answer: MESSAGE is JSON with code, message, details and hint, DETAIL is JSON
 * with status and headers.
 * @returns PGRST121 when they are not
 */
export function raisedError(message: string, detail: string | undefined): RestError {
  const said = readObject(message);
  if (said === undefined || !isSaid(said)) {
    const hint =
      "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.";
    return unreadable(`Invalid JSON value for MESSAGE: '${message}'`, hint);
  }
  const detailHint =
    "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.";
  if (detail === undefined) return unreadable('DETAIL is missing in the RAISE statement', detailHint);
  const sent = readObject(detail);
  if (sent === undefined || !isSent(sent)) {
    return unreadable(`Invalid JSON value for DETAIL: '${detail}'`, detailHint);
  }
  return new RestError(sent.status, said.code, said.message, {
    details: said.details,
    hint: said.hint,
    headers: sent.headers,
  });
}

interface Said {
  readonly code: string;
  readonly message: string;
  readonly details?: string | null;
  readonly hint?: string | null;
}

interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

type JsonObject = Readonly<Record<string, unknown>>;

function isSaid(value: JsonObject): value is JsonObject & Said {
  const { code, message, details = null, hint = null } = value;
  return (
    typeof code === 'string' &&
    typeof message === 'string' &&
    (details === null || typeof details === 'string') &&
    (hint === null || typeof hint === 'string')
  );
}

function isSent(value: JsonObject): value is JsonObject & Sent {
  const { status, status_text: text = null, headers } = value;
  return (
    typeof status === 'number' &&
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    (text === null || typeof text === 'string') &&
    typeof headers === 'object' &&
    headers !== null &&
    !Array.isArray(headers) &&
    Object.entries(headers).every(isHeader)
  );
}

function readObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(details: string, hint: string): RestError {
  const message = 'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error';
  return new RestError(500, 'PGRST121', message, { details, hint });
}
