import { hash } from 'node:crypto';

/** SHA-256 of a key: all that is kept of a secret one. A slow hash would only help an attacker (denial of service). */
export function keyHash(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
