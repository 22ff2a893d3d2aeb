import { hash } from 'node:crypto';
import type {
  Explanation,
  Incident,
  InspectionFacts,
  Surface,
} from '../../../runtime/protocol/sentinel.protocol.ts';
import { excerpt } from './excerpt.ts';
import { isSecretPlace } from './is-secret-place.ts';
import { uuidV7 } from './uuid-v7.ts';

/** Name of the agent in verdicts and incidents. */
export const agentName = 'sqlguard';

const notShown = '(not shown: its field is named like a secret)';

/** What a value of a request was judged to be. */
export interface JudgedValue {
  readonly surface: Surface;
  /** `query.id`, `body.title`, `header.user-agent`, `path`. */
  readonly where: string;
  /** As received. */
  readonly text: string;
  readonly score: number;
  readonly band: Incident['band'];
  readonly action: Incident['action'];
  readonly explanation: Explanation;
  readonly features: string | null;
}

/** What is done about it. */
export interface IncidentOutcome {
  readonly enforced: boolean;
  readonly counts: boolean;
  readonly keyId: string | null;
}

/** The incident of a value: what, where and from whom, with a digest and a safe excerpt, never the value itself. */
export function makeIncident(
  facts: InspectionFacts,
  value: JudgedValue,
  { enforced, counts, keyId }: IncidentOutcome,
  now: number = Date.now(),
): Incident {
  const { explanation } = value;
  const { extension } = facts;
  return {
    id: uuidV7(now),
    project: facts.project,
    at: new Date(now).toISOString(),
    agent: agentName,
    signature: explanation.signature?.name ?? 'model',
    score: value.score,
    band: value.band,
    action: value.action,
    enforced,
    address: facts.address,
    keyId,
    counts,
    surface: value.surface,
    where: extension === undefined ? value.where : `extension ${extension}: ${value.where}`,
    method: facts.method,
    path: excerpt(facts.path),
    digest: hash('sha256', value.text, 'hex'),
    excerpt: isSecretPlace(value.where) ? notShown : excerpt(value.text),
    requestId: facts.id,
    explanation:
      extension === undefined
        ? explanation
        : { ...explanation, why: `A hook of ${extension} wrote this. ${explanation.why}` },
    features: value.features,
  };
}
