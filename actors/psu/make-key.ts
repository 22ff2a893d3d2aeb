import { randomBytes } from 'node:crypto';
import { base62 } from './base62.ts';
import { keyChecksum } from './key-checksum.ts';

/**
 * A new API key: 256 bits of the operating system's randomness, so a fast hash is enough to keep it.
 * @param project ref, already checked
 */
export function makeKey(kind: 'public' | 'secret', project: string): string {
  const random = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43);
  const body = `ak_${kind === 'public' ? 'pub' : 'sec'}_${project}_${random}`;
  return body + keyChecksum(body);
}
