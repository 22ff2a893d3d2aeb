import { hash } from 'node:crypto';

/**
 * SHA-256 of a key: all that is kept of a secret one. A slow hash would only help an attacker (denial of service).
 * @returns 32 characters of one byte each, the form that is quickest to make and to look up
 */
export function keyHash(key: string): string {
  return hash('sha256', key, 'binary');
}
