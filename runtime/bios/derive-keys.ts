import { hkdfSync } from 'node:crypto';
import type { KeyMaterial } from '../protocol/key-material.ts';

const purposes = ['logins', 'audit', 'signatures', 'tokens', 'secrets', 'authority'] as const;

/**
 * One key per purpose from the master key: HKDF-SHA-256 (RFC 5869) with the purpose as `info`, so that knowing
 * one says nothing about another.
 * @param masterKey 32 random bytes; RFC 5869 §3.1 allows an empty salt for these
 */
export function deriveKeys(masterKey: Buffer): KeyMaterial {
  const derive = (purpose: string): string =>
    Buffer.from(hkdfSync('sha256', masterKey, '', `magflock/v1/${purpose}`, 32)).toString('hex');
  return Object.fromEntries(purposes.map((purpose) => [purpose, derive(purpose)])) as unknown as KeyMaterial;
}
