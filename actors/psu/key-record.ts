import type { TokenSettings } from '../../runtime/protocol/data-api-settings.ts';
import type { KeyScopes } from '../../runtime/protocol/identity.protocol.ts';

/** What a CPU thread knows of a key: enough to recognise it, nothing to make it from. */
export interface KeyRecord {
  readonly id: string;
  readonly project: string;
  readonly role: 'anon' | 'service_role';
  /** SHA-256 of the key, lower-case hex. */
  readonly hash: string;
  readonly scopes: KeyScopes;
  /** Milliseconds since the epoch; from then on the key is refused. Null: not revoked. */
  readonly revokedAt: number | null;
}

/** How tokens of a project are verified; projects with the defaults have none of these. */
export interface ProjectTokens {
  readonly project: string;
  readonly settings: TokenSettings;
}

export interface KeySnapshot {
  readonly keys: readonly KeyRecord[];
  readonly tokens?: readonly ProjectTokens[];
  /** Key of `mac` for cursors, hex. */
  readonly cursors?: string;
}

export interface KeyDelta {
  readonly upserted: readonly KeyRecord[];
  /** Ids that are gone without a trace (ephemeral keys, removed projects). */
  readonly removed: readonly string[];
  /** Settings null: the defaults hold again. */
  readonly tokens?: ProjectTokens | { readonly project: string; readonly settings: null };
}
