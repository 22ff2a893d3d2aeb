import { randomBytes } from 'node:crypto';

/** Random hex digits one request takes: 20 for its id, 16 for its span, 32 for its trace. */
const digitsPerRequest = 68;
/** Drawn in bulk: one call of the generator for 128 requests. */
const digitsDrawn = digitsPerRequest * 128;
let pool = '';
let position = digitsDrawn;

const acceptable = /^[\w\-=]{1,64}$/;
const traceparentPattern =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<parent>[0-9a-f]{16})-[0-9a-f]{2}(?<more>-.*)?$/;
const onlyZeros = /^0+$/;

/** Names of one request, for its answer, logs, audit and the parts it passes. */
export interface RequestIds {
  readonly id: string;
  readonly trace: string;
}

/**
 * Names a request. The caller's X-Request-Id counts only when it is short and plain, else a UUIDv7 (RFC 9562 §5.7)
 * is made. A valid W3C traceparent is continued with a span of our own; the caller's sampled flag is dropped,
 * since strangers must not decide what we record.
 * @param requestId value of X-Request-Id
 * @param traceparent value of traceparent
 * @param now milliseconds since the epoch
 */
export function requestIds(
  requestId: string | undefined,
  traceparent: string | undefined,
  now: number,
): RequestIds {
  if (position >= digitsDrawn) {
    pool = randomBytes(digitsDrawn / 2).toString('hex');
    position = 0;
  }
  const start = position;
  position += digitsPerRequest;
  const traceId = continued(traceparent) ?? pool.slice(start + 36, start + 68);
  return {
    id: requestId !== undefined && acceptable.test(requestId) ? requestId : uuid(now, start),
    trace: `00-${traceId}-${pool.slice(start + 20, start + 36)}-00`,
  };
}

let lastMillisecond = 0;
/** First 14 digits of the UUIDs of a millisecond, with the version. */
let timePart = '';

function uuid(now: number, start: number): string {
  if (now !== lastMillisecond) {
    const time = now.toString(16).padStart(12, '0');
    timePart = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    lastMillisecond = now;
  }
  // The two bits of the variant are 10: one of the digits 8, 9, a, b.
  const variant = '89ab'[pool.charCodeAt(start) & 3] as string;
  return `${timePart}${pool.slice(start + 1, start + 4)}-${variant}${pool.slice(start + 4, start + 7)}-${pool.slice(start + 7, start + 19)}`;
}

/** The trace id of a valid traceparent (W3C Trace Context §3.2): nothing all zeros, version not ff. */
function continued(traceparent: string | undefined): string | undefined {
  if (traceparent === undefined) return undefined;
  const found = traceparentPattern.exec(traceparent)?.groups;
  if (found === undefined || found['version'] === 'ff') return undefined;
  // Version 00 has exactly four fields; a later version may have more.
  if (found['version'] === '00' && found['more'] !== undefined) return undefined;
  const traceId = found['traceId'] as string;
  return onlyZeros.test(traceId) || onlyZeros.test(found['parent'] as string) ? undefined : traceId;
}
