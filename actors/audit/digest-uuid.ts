import { hash } from 'node:crypto';

/** A UUIDv8 (RFC 9562 §5.8) made from texts: the same texts give the same id, so that nothing is recorded twice. */
export function digestUuid(...texts: readonly string[]): string {
  const bytes = hash('sha256', JSON.stringify(texts), 'buffer').subarray(0, 16);
  bytes[6] = 0x80 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
