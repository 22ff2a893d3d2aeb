import { defineReplica } from '../../runtime/placement/define-replica.ts';
import type {
  Inspection,
  InspectionFacts,
  SentinelReplica,
} from '../../runtime/protocol/sentinel.protocol.ts';
import { Counter } from '../../runtime/telemetry/counter.ts';
import { agentName, makeIncident } from './incidents/make-incident.ts';
import { ReportLimiter } from './incidents/report-limiter.ts';
import { blocks } from './inspect/blocks.ts';
import { inspectRequest } from './inspect/inspect-request.ts';
import { SqlGuard } from './inspect/sql-guard.ts';
import { warmUp } from './inspect/warm-up.ts';
import type { SentinelSnapshot } from './sentinel-snapshot.ts';

/** Full reports a thread sends to the owner per second; the rest is counted. */
const reportsPerSecond = 20;

interface Patrol {
  mode: 'block' | 'simulate';
  readonly guard: SqlGuard;
  readonly reports: ReportLimiter;
  readonly verdicts: Counter<'action' | 'surface'>;
}

const allow: Inspection = Object.freeze({
  action: 'allow',
  band: 'none',
  score: 0,
  signature: undefined,
  surface: undefined,
  where: undefined,
  incident: undefined,
  agent: agentName,
  unsure: [],
});

function inspect(patrol: Patrol, facts: InspectionFacts): Inspection {
  const finding = inspectRequest(patrol.guard, facts);
  if (finding === undefined) return allow;
  const action = blocks(finding) && patrol.mode === 'block' ? 'block' : 'log';
  const incident = makeIncident(facts, finding, action);
  patrol.verdicts.inc({ action, surface: finding.surface });
  patrol.reports.report(incident);
  return {
    action,
    band: incident.band,
    score: finding.score,
    signature: finding.signature.name,
    surface: finding.surface,
    where: finding.where,
    incident: incident.id,
    agent: agentName,
    unsure: [],
  };
}

/** SQLGuard's signatures in a CPU thread: synchronous, no hop, bounded memory. */
export const replica = defineReplica<Patrol, SentinelSnapshot, Partial<SentinelSnapshot>, SentinelReplica>({
  of: 'sentinel',
  init(context) {
    const guard = new SqlGuard();
    warmUp(guard);
    const owner = context.part('sentinel');
    const reports = new ReportLimiter(reportsPerSecond, (incident) => owner.tell('report', incident));
    context.timers.every(1000, () => reports.tick());
    return {
      mode: context.settings['sentinel.mode'],
      guard,
      reports,
      verdicts: new Counter({
        name: 'magflock_sentinel_verdicts_total',
        help: 'Requests that were not simply let through, by action and surface.',
        labelNames: ['action', 'surface'],
        registers: [context.metrics],
      }),
    };
  },
  applySnapshot(patrol, snapshot) {
    patrol.mode = snapshot.mode;
  },
  applyDelta(patrol, delta) {
    patrol.mode = delta.mode ?? patrol.mode;
  },
  stop(patrol) {
    patrol.reports.tick(); // what was held back in the last second
  },
  api: (patrol) => ({
    inspect: (facts) => inspect(patrol, facts),
    judge: () => allow,
    hasBlocks: () => false,
    blockOf: () => undefined,
  }),
});
