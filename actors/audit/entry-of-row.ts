import type { AuditEntry } from '../../runtime/protocol/audit.protocol.ts';
import type { SealedRow } from './sealed-row.ts';

/** A sealed entry as readers see it. What was tampered with may no longer be JSON; it is shown as what it is. */
export function entryOfRow(row: SealedRow): AuditEntry {
  const place = { seq: row.seq, previousHash: row.previousHash, hash: row.hash };
  try {
    const { v: _, ...entry } = JSON.parse(row.entry) as AuditEntry & { readonly v?: number };
    return { ...entry, ...place };
  } catch {
    const unreadable = {
      kind: 'threat',
      action: 'audit.entry.unreadable',
      actor: 'unknown',
      at: '',
    } as const;
    return { ...unreadable, project: row.project, id: row.id, ...place };
  }
}
