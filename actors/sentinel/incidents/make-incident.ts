import { createHash } from 'node:crypto';
import type { Incident, InspectionFacts } from '../../../runtime/protocol/sentinel.protocol.ts';
import type { Finding } from '../inspect/finding.ts';
import { excerpt } from './excerpt.ts';
import { uuidV7 } from './uuid-v7.ts';

/** Name of the agent in verdicts and incidents. */
export const agentName = 'sqlguard';

/** The incident of a finding: what, where and from whom, with a digest and a safe excerpt, never the value itself. */
export function makeIncident(
  facts: InspectionFacts,
  finding: Finding,
  action: Incident['action'],
  now: number = Date.now(),
): Incident {
  return {
    id: uuidV7(now),
    project: facts.project,
    at: new Date(now).toISOString(),
    agent: agentName,
    signature: finding.signature.name,
    score: finding.score,
    band: action === 'log' ? 'low' : 'high',
    action,
    enforced: action !== 'log',
    address: facts.address,
    keyId: facts.keyId?.() ?? null,
    counts: false,
    surface: finding.surface,
    where: finding.where,
    method: facts.method,
    path: excerpt(facts.path),
    digest: createHash('sha256').update(finding.value).digest('hex'),
    excerpt: excerpt(finding.value),
    requestId: facts.id,
    explanation: {
      signature: { name: finding.signature.name, score: finding.score, reason: finding.signature.why },
      model: null,
      why: finding.signature.why,
    },
    features: null,
  };
}
