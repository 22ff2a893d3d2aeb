import type { TokenSettings } from './data-api-settings.ts';
import type { Identity, IdentityHandle, KeyScopes, RequestRole } from './identity.protocol.ts';

export interface KeyInfo {
  readonly id: string;
  readonly project: string;
  readonly kind: 'public' | 'secret';
  readonly role: RequestRole;
  readonly name: string;
  /** A public key whole; of a secret one only the last four characters. */
  readonly shown: string;
  readonly scopes: KeyScopes;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface CreateKeyRequest {
  readonly project: string;
  readonly role: 'anon' | 'service_role';
  readonly name?: string;
  readonly scopes?: KeyScopes;
  /** Not stored, gone with the daemon: for the daemon's own self test. */
  readonly ephemeral?: boolean;
}

/** A stored secret without its value. */
export interface SecretInfo {
  readonly project: string;
  readonly name: string;
  readonly updatedAt: string;
}

/** A token for trying what a user may see. */
export interface SignTokenRequest {
  readonly project: string;
  readonly role: string;
  /** Claim `sub`. */
  readonly subject?: string;
  /** 1 to 30 days. */
  readonly expiresSeconds: number;
  /** Others than `sub`, `iat` and `exp`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface SignedToken {
  readonly token: string;
  readonly role: string;
  readonly expiresAt: string;
}

/** The settings without the secret: only whether one is set. */
export type ShownTokenSettings = Omit<TokenSettings, 'jwtSecret'> & { readonly jwtSecret: '(set)' | null };

/**
 * Details of MF211 to MF214, thrown by `PsuReplica.authenticate`: what the dialect of PostgREST answers. Clients
 * compare code and message.
 */
export interface TokenRefusal {
  readonly pgrst: {
    readonly code: string;
    readonly message: string;
    readonly details: string | null;
    readonly hint: null;
  };
  /** Value of the header WWW-Authenticate (RFC 6750 §3); null for none. */
  readonly authenticate: string | null;
}

/** The PSU (MagAuth), owner side. */
export interface PsuProtocol {
  /** Encrypted at rest under the secrets key. Name: letters, digits, `_`, `-`, `.`, at most 100. Throws MF671. */
  setSecret(request: { readonly project: string; readonly name: string; readonly value: string }): SecretInfo;
  listSecrets(request: { readonly project: string }): readonly SecretInfo[];
  /** Throws MF671. */
  removeSecret(request: { readonly project: string; readonly name: string }): { readonly name: string };
  /** For the broker only; the control socket has no way to it. Throws MF671. */
  readSecret(request: { readonly project: string; readonly name: string }): { readonly value: string };
  /** How the project's tokens are verified; the secret itself is never told, only whether one is set. */
  tokenSettings(request: { readonly project: string }): ShownTokenSettings;
  /**
   * Changes those that are named; null sets the default again, except where null is a value of its own (`dbAnonRole`).
   * In every CPU thread before it answers. Throws MF520 naming the setting, MF508, MF209.
   */
  setTokenSettings(request: {
    readonly project: string;
    readonly changes: Readonly<Record<string, unknown>>;
  }): ShownTokenSettings;
  /** Signed with the project's `jwtSecret`, which stays here. Throws MF215, MF216, MF508. */
  signToken(request: SignTokenRequest): SignedToken;
  /** The key in clear; it is never shown again when secret. At work in every CPU thread before it answers. */
  createKey(request: CreateKeyRequest): KeyInfo & { readonly key: string };
  listKeys(request: { readonly project: string }): readonly KeyInfo[];
  /** Answers only after every CPU thread has acknowledged. */
  revokeKey(request: { readonly project: string; readonly id: string }): KeyInfo;
  /** New key with the same role and scopes; the old one is revoked after `graceSeconds` (default 0). */
  rotateKey(request: {
    readonly project: string;
    readonly id: string;
    readonly graceSeconds?: number;
  }): KeyInfo & {
    readonly key: string;
  };
  /** Ed25519 signature (base64url) with the named signing key; private keys never leave PSU. */
  sign(request: { readonly purpose: 'audit-checkpoint'; readonly text: string }): {
    readonly signature: string;
    readonly keyId: string;
  };
  /**
   * One public and one secret key for a project that never had any; null when it has or had keys. The only time
   * the secret one is shown.
   */
  firstKeys(request: { readonly project: string }): {
    readonly publicKey: KeyInfo & { readonly key: string };
    readonly secretKey: KeyInfo & { readonly key: string };
  } | null;
  publicKeys(request: {
    readonly purpose: 'audit-checkpoint';
  }): readonly { readonly keyId: string; readonly publicKeyPem: string }[];
}

/** Facts of a request that authentication looks at. */
export interface AuthenticationFacts {
  /**
   * Dialects whose callers send a token beside the key (`/rest/v1`): `Authorization: Bearer` decides who asks, the
   * key only which project's door it is. Elsewhere the first of the headers that is there counts. `else-key` (`/api`): a
   * token counts like that, and where none is sent the key is what it is elsewhere.
   */
  readonly tokens?: boolean | 'else-key';
  readonly project: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly address: string;
}

/** PSU in a CPU thread. */
export interface PsuReplica {
  /** Throws MF201 to MF206, with `tokens` also MF211 to MF214 (`TokenRefusal`); never returns a handle on doubt. */
  authenticate(facts: AuthenticationFacts): IdentityHandle;
  /** For Storage and the audit entry; throws when the handle is not from this PSU. */
  open(handle: IdentityHandle): Identity;
  /** Scope check against the plan; throws MF206. */
  authorize(
    handle: IdentityHandle,
    operation: 'select' | 'insert' | 'update' | 'delete',
    table: string,
  ): void;
  /**
   * HMAC-SHA256 of a text under a key for the purpose, derived from the master key: 32 bytes. Throws MF210 before the
   * owner's state has come.
   */
  mac(purpose: 'cursors', text: string): Buffer;
}
