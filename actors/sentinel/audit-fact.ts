import type { AuditFact } from '../../runtime/protocol/audit.protocol.ts';
import type { Incident } from '../../runtime/protocol/sentinel.protocol.ts';

/** The audit entry of an incident: digests and names, never the value. */
export function auditFact(incident: Incident): AuditFact {
  return {
    kind: 'threat',
    project: incident.project,
    action: incident.action,
    actor: incident.agent,
    address: incident.address,
    requestId: incident.requestId,
    target: `${incident.method} ${incident.path}`,
    digest: incident.digest,
    details: {
      incident: incident.id,
      signature: incident.signature,
      score: incident.score,
      band: incident.band,
      enforced: incident.enforced,
      ...(incident.keyId === null ? {} : { key: incident.keyId }),
      ...(incident.explanation.model === null ? {} : { model: incident.explanation.model.version }),
      surface: incident.surface,
      where: incident.where,
      excerpt: incident.excerpt,
      ...(incident.suppressed === undefined ? {} : { suppressed: incident.suppressed }),
    },
  };
}
