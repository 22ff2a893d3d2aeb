import { createHmac, hash } from 'node:crypto';

/** A database login. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Derives logins from one key, so that no password is ever stored. */
export interface Logins {
  superuser(): Login;
  /** Owner of a project's tables; what `magflock sql` and the database URL log in as. */
  owner(ref: string): Login;
  /** What the lanes log in as: no rights of its own, it only switches to the roles of requests. */
  authenticator(ref: string): Login;
  /** What an extension logs in as: one login for each project it works in. The name has at most 61 bytes. */
  extension(ref: string, extension: string): Login;
}

/**
 * @param key the key for logins, 64 hex digits (`KeyMaterial.logins`)
 */
export function deriveLogins(key: string): Logins {
  const secret = Buffer.from(key, 'hex');
  if (secret.length !== 32) throw new TypeError('the key for logins must be 64 hex digits');
  const login = (user: string, purpose: string): Login => ({
    user,
    password: createHmac('sha256', secret).update(purpose).digest('base64url'),
  });
  return {
    superuser: () => login('magflock_super', 'superuser'),
    owner: (ref) => login(`owner_${ref}`, `owner:${ref}`),
    authenticator: (ref) => login(`authenticator_${ref}`, `authenticator:${ref}`),
    extension: (ref, extension) =>
      login(`ext_${ref}_${hash('sha256', extension, 'hex').slice(0, 16)}`, `extension:${ref}:${extension}`),
  };
}
