/**
 * Keys derived from the master key (HKDF-SHA-256, RFC 5869), one per purpose, as lower-case hex of 32 bytes.
 * The boot hands each part only the ones it needs; the master key itself leaves the BIOS for nobody.
 */
export interface KeyMaterial {
  /** Passwords of database logins: Storage. */
  readonly logins: string;
  /** MAC of outbox rows: Audit and its replicas. */
  readonly audit: string;
  /** Seeds of signing keys: PSU only. */
  readonly signatures: string;
  /** Tokens: PSU only. */
  readonly tokens: string;
  /** Encryption of stored secrets: PSU only. */
  readonly secrets: string;
  /** Proof of authority between parts: PSU only. */
  readonly authority: string;
}
