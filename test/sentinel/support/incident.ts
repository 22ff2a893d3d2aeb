import { createHash } from 'node:crypto';
import { uuidV7 } from '../../../actors/sentinel/incidents/uuid-v7.ts';
import type { Incident } from '../../../runtime/protocol/sentinel.protocol.ts';

/** A blocked incident with an id of its own. @param value what was sent: another value, another digest */
export function incident(changed: Partial<Incident> = {}, value = "1' OR '1'='1"): Incident {
  return {
    id: uuidV7(),
    project: 'main',
    at: new Date().toISOString(),
    agent: 'sqlguard',
    signature: 'quote-condition-at-start',
    score: 0.98,
    band: 'critical',
    action: 'block',
    enforced: true,
    address: '192.0.2.7',
    keyId: null,
    counts: true,
    surface: 'query',
    where: 'query.id',
    method: 'GET',
    path: '/api/track',
    digest: createHash('sha256').update(value).digest('hex'),
    excerpt: value,
    requestId: 'request-1',
    explanation: {
      signature: { name: 'quote-condition-at-start', score: 0.98, reason: 'a condition behind a quote' },
      model: null,
      why: 'a condition behind a quote',
    },
    features: null,
    ...changed,
  };
}
