import type { KeyInfo } from '../../runtime/protocol/psu.protocol.ts';
import type { StoredKey } from './stored-key.ts';

/** A key as operators see it: never the hash, never a secret. */
export function keyInfoOf(key: StoredKey): KeyInfo {
  return {
    id: key.id,
    project: key.project,
    kind: key.role === 'anon' ? 'public' : 'secret',
    role: key.role,
    name: key.name,
    shown: key.shown,
    scopes: key.scopes,
    createdAt: new Date(key.createdAt).toISOString(),
    revokedAt: key.revokedAt === null ? null : new Date(key.revokedAt).toISOString(),
  };
}
