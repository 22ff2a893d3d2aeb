/** Values looked at per payload; larger ones are extrapolated from this many. */
const sample = 64;
const refBytes = 72;

/**
 * Roughly how much memory a payload holds, for mailbox limits. Cheap rather than exact: strings and buffers
 * count by length, containers by a sample of their members.
 */
export function estimateBytes(payload: unknown): number {
  return payload === null || (typeof payload !== 'object' && typeof payload !== 'string')
    ? 16
    : measureFast(payload);
}

function measureFast(payload: string | object): number {
  if (typeof payload === 'string') return 16 + payload.length * 2;
  // What a ref of this thread points to is not part of the message.
  if ('notCloneable' in payload) return refBytes;
  // Only plain objects: buffers and collections have sizes that their members do not show.
  const flat = payload.constructor === Object ? flatObject(payload) : -1;
  return flat >= 0 ? flat : measure(payload, { left: sample });
}

function measure(value: unknown, budget: { left: number }): number {
  budget.left -= 1;
  if (typeof value === 'string') return 16 + value.length * 2;
  if (value === null || typeof value !== 'object') return 16;
  if ('notCloneable' in value) return refBytes;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 64 + value.byteLength;
  if (Array.isArray(value)) return 32 + measureMany(value, value.length, budget);
  if (value instanceof Map) return 64 + measureMany(value.values(), value.size, budget) * 2;
  if (value instanceof Set) return 64 + measureMany(value, value.size, budget);
  const members = Object.values(value);
  return 32 + members.length * 8 + measureMany(members, members.length, budget);
}

function measureMany(values: Iterable<unknown>, count: number, budget: { left: number }): number {
  let seen = 0;
  let bytes = 0;
  for (const value of values) {
    if (budget.left <= 0) break;
    bytes += measure(value, budget);
    seen += 1;
  }
  return seen === 0 ? count * 16 : Math.ceil((bytes / seen) * count);
}

/** Most messages are small objects of numbers and strings: without a list of their members. -1 for all others. */
function flatObject(value: object): number {
  let bytes = 32;
  let members = 0;
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'string') bytes += 24 + member.length * 2;
    else if (typeof member !== 'object' || member === null) bytes += 24;
    else if ('notCloneable' in member) bytes += refBytes;
    else return -1;
    if (++members > sample) return -1;
  }
  return bytes;
}
