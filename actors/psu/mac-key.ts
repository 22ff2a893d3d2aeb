import { hkdfSync } from 'node:crypto';

/**
 * The key of the message authentication codes of one purpose (HKDF-SHA-256, RFC 5869), as hex. The same seed gives the
 * same key, so that what was signed before a restart still verifies.
 * @param seedHex the `authority` key material, 32 bytes as hex
 */
export function macKey(seedHex: string, purpose: 'cursors'): string {
  const seed = Buffer.from(seedHex, 'hex');
  return Buffer.from(hkdfSync('sha256', seed, '', `magflock/mac/${purpose}/1`, 32)).toString('hex');
}
