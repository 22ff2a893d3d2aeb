import type { AuditFact } from '../../../runtime/protocol/audit.protocol.ts';
import type { AddressBlock } from '../../../runtime/protocol/sentinel.protocol.ts';

/**
 * The audit entry of a block that was made or lifted.
 * @param actor the agent that made it, or `operator`
 */
export function auditBlock(
  block: AddressBlock,
  action: 'block-address' | 'unblock-address',
  actor: string,
): AuditFact {
  return {
    kind: 'threat',
    project: block.project,
    action,
    actor,
    address: block.address,
    target: block.id,
    details: {
      key: block.keyId ?? '',
      since: block.since,
      until: block.until,
      incidents: block.incidents.join(' '),
      reason: block.reason,
    },
  };
}
