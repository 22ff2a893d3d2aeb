import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA-256 over the canonical text of an entry, base64url. The entry names its project and its id. */
export function outboxMac(key: KeyObject, entry: string): string {
  return createHmac('sha256', key).update(entry).digest('base64url');
}

/** Constant-time check of a MAC from a database that others may write to. */
export function outboxMacFits(key: KeyObject, entry: string, mac: string): boolean {
  const expected = Buffer.from(outboxMac(key, entry));
  const given = Buffer.from(mac);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
