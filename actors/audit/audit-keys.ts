import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

export interface AuditKeys {
  /** MAC of outbox rows: made in CPU threads, checked by the sealer. */
  readonly outbox: KeyObject;
  /** Seal of chain entries: made and checked by the sealer only. */
  readonly seal: KeyObject;
}

/**
 * The two keys of the audit trail (HKDF-SHA-256, RFC 5869), so that a MAC of one kind is never one of the other.
 * @param auditHex the `audit` key material, 32 bytes as hex
 */
export function auditKeys(auditHex: string): AuditKeys {
  const derive = (purpose: string): KeyObject =>
    createSecretKey(
      Buffer.from(hkdfSync('sha256', Buffer.from(auditHex, 'hex'), '', `magflock/audit/${purpose}/1`, 32)),
    );
  return { outbox: derive('outbox'), seal: derive('seal') };
}
