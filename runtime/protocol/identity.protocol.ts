import type { CostLimits } from './data-api-settings.ts';

/**
 * Roles a request can act as: PostgreSQL roles that are switched to inside the transaction. Besides the three that
 * every project has, any role that a verified token names and that the project's authenticator is a member of.
 */
export type RequestRole = 'anon' | 'authenticated' | 'service_role' | (string & {});

declare const opaque: unique symbol;

/**
 * Proof that PSU authenticated a caller. Opaque: outside PSU nobody can make one or read its claims, and
 * Storage takes role and claims only from the handle.
 */
export interface IdentityHandle {
  readonly [opaque]: 'identity';
}

/** What an identity handle stands for; only `PsuReplica.open` gives it out. */
export interface Identity {
  readonly project: string;
  readonly role: RequestRole;
  /** What lands in `request.jwt.claims`, as JSON text. */
  readonly claims: string;
  /** The caller presented nothing but a public key: the role is that of strangers. */
  readonly isAnonymous: boolean;
  /** Id of the key (never the key), for audit and blocks; of a token `user:` and its subject, or the like of one. */
  readonly keyId: string;
  readonly scopes: KeyScopes;
}

/** Narrowings of a key; an absent field does not narrow. */
export interface KeyScopes {
  /** Tables, views and functions: of schema `public` the name alone, of others `schema.name`. */
  readonly tables?: readonly string[];
  readonly operations?: readonly ('select' | 'insert' | 'update' | 'delete')[];
  /** CIDR ranges the key may be used from. */
  readonly addresses?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** What one request may cost, besides what its role may. */
  readonly limits?: CostLimits;
}
