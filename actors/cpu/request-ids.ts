import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn in bulk: one call of the generator per 128 requests instead of one per request. */
const bytesPerRequest = 34;
const pool = Buffer.allocUnsafe(bytesPerRequest * 128);
let position = pool.length;

const acceptable = /^[\w\-=]{1,64}$/;
const traceparentPattern =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-[0-9a-f]{16}-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/;

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
  if (position + bytesPerRequest > pool.length) {
    randomFillSync(pool);
    position = 0;
  }
  const random = pool.toString('hex', position, position + bytesPerRequest);
  position += bytesPerRequest;
  const span = random.slice(20, 36);
  return {
    id: requestId !== undefined && acceptable.test(requestId) ? requestId : uuid(now, random),
    trace: `00-${traceIdOf(traceparent) ?? random.slice(36, 68)}-${span}-00`,
  };
}

/** UUIDv7 from 48 bits of time and the first 80 of the random bits (of which 74 are used). */
function uuid(now: number, random: string): string {
  const time = now.toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(random[3] as string, 16) & 3] as string;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/** The trace id of a valid traceparent (W3C Trace Context §3.2): not all zeros, version not ff. */
function traceIdOf(traceparent: string | undefined): string | undefined {
  if (traceparent === undefined) return undefined;
  const found = traceparentPattern.exec(traceparent)?.groups;
  const traceId = found?.['traceId'];
  if (found === undefined || traceId === undefined || found['version'] === 'ff') return undefined;
  // Version 00 has exactly four fields; a later version may have more.
  if (found['version'] === '00' && found['more'] !== undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(traceparent.slice(36, 52))) return undefined;
  return traceId;
}
