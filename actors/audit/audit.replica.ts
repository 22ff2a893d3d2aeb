import { defineReplica } from '../../runtime/placement/define-replica.ts';
import type { AuditReplica } from '../../runtime/protocol/audit.protocol.ts';
import type { KeyMaterial } from '../../runtime/protocol/key-material.ts';
import { type AuditKeys, auditKeys } from './audit-keys.ts';
import { KeyRefusals } from './key-refusals.ts';
import { outboxRow } from './outbox-row.ts';

interface AuditReplicaState {
  readonly keys: AuditKeys;
  readonly refusals: KeyRefusals;
  readonly endTick: () => void;
}

/** Audit in a CPU thread: makes the outbox row of a write and counts refused keys. The owner has no state for it. */
export const replica = defineReplica<
  AuditReplicaState,
  null,
  never,
  AuditReplica,
  Pick<KeyMaterial, 'audit'>
>({
  of: 'audit',
  init(context, args) {
    const audit = context.part('audit');
    const refusals = new KeyRefusals({
      now: Date.now,
      tell({ project, address, code }, count) {
        audit.tell('append', {
          kind: 'auth-failed',
          project,
          action: 'key.refused',
          actor: 'unknown',
          address: address.slice(0, 64),
          details: { code, count },
        });
        context.events.emit('auth.key.failed', { project, address, code, count });
      },
    });
    const endTick = context.timers.every(1000, () => refusals.tick());
    return { keys: auditKeys(args.audit), refusals, endTick };
  },
  applySnapshot() {},
  applyDelta() {},
  api: ({ keys, refusals }) => ({
    outboxRow: (write) => outboxRow(keys.outbox, write),
    keyRefused: (refusal) => refusals.count(refusal),
  }),
  stop({ refusals, endTick }) {
    endTick();
    refusals.flush();
  },
});
