import type { KeyScopes } from '../../runtime/protocol/identity.protocol.ts';

/** A key as the owner keeps it. Times are milliseconds since the epoch. */
export interface StoredKey {
  readonly id: string;
  readonly project: string;
  readonly role: 'anon' | 'service_role';
  readonly name: string;
  /** SHA-256, lower-case hex. */
  readonly hash: string;
  /** The key itself when public, null when secret. */
  readonly publicKey: string | null;
  readonly shown: string;
  readonly scopes: KeyScopes;
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** In memory only, gone with this incarnation. */
  readonly ephemeral: boolean;
}
