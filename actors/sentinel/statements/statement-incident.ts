import { createHash } from 'node:crypto';
import type { PatrolScore } from '../../../runtime/protocol/patrol.protocol.ts';
import type { Action, Band, Incident, StatementFacts } from '../../../runtime/protocol/sentinel.protocol.ts';
import { excerpt } from '../incidents/excerpt.ts';
import { agentName } from '../incidents/make-incident.ts';
import { uuidV7 } from '../incidents/uuid-v7.ts';
import type { StatementJudgement } from './judge-parsed.ts';

/** What an incident about a statement is made of. */
export interface StatementFinding {
  readonly judged: StatementJudgement;
  readonly action: Exclude<Action, 'allow'>;
  readonly band: Band;
  readonly enforced: boolean;
  /** Of the model; undefined when it did not answer. */
  readonly model: { readonly version: string; readonly score: PatrolScore } | undefined;
  /** The piece of the text that is worst. */
  readonly text: string;
  readonly signature: string;
  readonly why: string;
}

/**
 * The incident of a statement, with a digest and a safe excerpt of it. It never counts for blocking an address: who
 * asks is an extension or the operator, on behalf of somebody else.
 */
export function statementIncident(facts: StatementFacts, finding: StatementFinding, now: number): Incident {
  const { judged, model, text } = finding;
  const { oddity } = judged;
  return {
    id: uuidV7(now),
    project: facts.project,
    at: new Date(now).toISOString(),
    agent: agentName,
    signature: finding.signature,
    score: judged.score,
    band: finding.band,
    action: finding.action,
    enforced: finding.enforced,
    address: facts.address,
    keyId: null,
    counts: false,
    surface: 'sql',
    where: 'statement',
    method: 'SQL',
    path: excerpt(facts.route),
    digest: createHash('sha256').update(text).digest('hex'),
    excerpt: excerpt(text),
    requestId: facts.requestId,
    explanation: {
      signature:
        oddity === undefined
          ? null
          : { name: oddity.name, score: oddity.score, reason: `the statement ${oddity.reason}` },
      model:
        model === undefined
          ? null
          : {
              version: model.version,
              score: model.score.score,
              features: model.score.reason?.features ?? [],
              nearest: model.score.reason?.nearest ?? null,
            },
      why: finding.why,
    },
    features: model?.score.reason?.read ?? null,
  };
}
