import { defineReplica, type ReplicaContext } from '../../runtime/placement/define-replica.ts';
import type {
  Inspection,
  InspectionFacts,
  SentinelReplica,
  UnsureValue,
  Verdict,
} from '../../runtime/protocol/sentinel.protocol.ts';
import { Counter } from '../../runtime/telemetry/counter.ts';
import { Histogram } from '../../runtime/telemetry/histogram.ts';
import { blockRange } from './blocks/block-range.ts';
import { DeskCounts } from './desk/desk-counts.ts';
import { type Judged, PatrolDesk } from './desk/patrol-desk.ts';
import { QuickScorer } from './desk/quick-scorer.ts';
import { ReplicaBlocks } from './desk/replica-blocks.ts';
import { ThrottleBook } from './desk/throttle-book.ts';
import { weighValues } from './desk/weigh-values.ts';
import { isBehindUnknownProxy } from './incidents/behind-unknown-proxy.ts';
import { countsForBlocking } from './incidents/counts-for-blocking.ts';
import { explain } from './incidents/explain.ts';
import { agentName, type JudgedValue, makeIncident } from './incidents/make-incident.ts';
import { ReportLimiter } from './incidents/report-limiter.ts';
import { blocks } from './inspect/blocks.ts';
import type { Finding } from './inspect/finding.ts';
import { inspectRequest } from './inspect/inspect-request.ts';
import { modelSurface } from './inspect/model-surface.ts';
import { SqlGuard } from './inspect/sql-guard.ts';
import { UnsureValues } from './inspect/unsure-values.ts';
import type { ModelWish } from './inspect/value-scan.ts';
import { warmUp } from './inspect/warm-up.ts';
import type { SentinelSnapshot } from './sentinel-snapshot.ts';
import { combine } from './sqlguard/combine.ts';

/** Full reports a thread sends to the owner per second, of what may lead to a block and of all else; the rest is counted. */
const reportsPerSecond = 20;
/** Of these, for one caller. */
const reportsPerCaller = 5;
/** Waiting for the models, in seconds. */
const latencies = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

interface Patrol {
  readonly context: ReplicaContext;
  mode: 'block' | 'simulate';
  readonly guard: SqlGuard;
  readonly wish: ModelWish & { values: UnsureValues };
  /** Values of a request that went over its budget. */
  readonly overBudget: WeakMap<readonly UnsureValue[], number>;
  readonly quick: QuickScorer;
  readonly desk: PatrolDesk;
  readonly counts: DeskCounts;
  readonly throttled: ThrottleBook;
  readonly blocks: ReplicaBlocks;
  readonly reports: ReportLimiter;
  readonly verdicts: Counter<'action' | 'surface'>;
  readonly latency: Histogram;
  warnedOfProxy: boolean;
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
  unsure: Object.freeze([]),
});

function inspect(patrol: Patrol, facts: InspectionFacts): Inspection {
  const { wish } = patrol;
  let finding: Finding | undefined;
  try {
    finding = inspectRequest(patrol.guard, facts, wish);
  } catch (error) {
    // What it had collected must not be judged as values of the next request.
    wish.values = valuesOf(patrol.context);
    throw error;
  }
  if (blocks(finding)) {
    wish.values = valuesOf(patrol.context);
    const value = valueOfFinding(finding);
    return { ...verdictOf(patrol, facts, value, patrol.mode === 'block'), unsure: allow.unsure };
  }
  const { values, overBudget } = wish.values.choose();
  if (values.length === 0) return allow;
  wish.values = valuesOf(patrol.context);
  if (overBudget > 0) patrol.overBudget.set(values, overBudget);
  return { ...allow, unsure: values };
}

/** A signature decides alone from its block threshold on. */
function valueOfFinding({ surface, where, value, score, signature }: Finding): JudgedValue {
  const combined = combine({
    surface: modelSurface(surface),
    signature: { score, name: signature.name },
    model: undefined,
  });
  const escalates = combined.action === 'escalate';
  return {
    surface,
    where,
    text: value,
    score,
    band: escalates ? 'critical' : 'high',
    action: escalates ? 'escalate' : 'block',
    explanation: explain({ name: signature.name, score }, undefined),
    features: null,
  };
}

function judge(
  patrol: Patrol,
  facts: InspectionFacts,
  unsure: readonly UnsureValue[],
): Verdict | Promise<Verdict> {
  if (!patrol.context.settings['sentinel.models']) return settle(patrol, facts, unsure, undefined);
  const patienceMs = facts.deadline === undefined ? Number.POSITIVE_INFINITY : facts.deadline - Date.now();
  const judged = patrol.desk.judge(
    unsure.map(({ text }) => text),
    patienceMs,
  );
  if (!(judged instanceof Promise)) return settle(patrol, facts, unsure, judged);
  const began = performance.now();
  return judged.then((late) => {
    patrol.latency.observe((performance.now() - began) / 1000);
    return settle(patrol, facts, unsure, late);
  });
}

/** What is done about a request whose values are judged, or will not be. */
function settle(
  patrol: Patrol,
  facts: InspectionFacts,
  unsure: readonly UnsureValue[],
  judged: readonly Judged[] | undefined,
): Verdict {
  const { settings } = patrol.context;
  const weighed = weighValues(unsure, judged, patrol.counts);
  let reason = weighed.unjudged;
  const over = judged === undefined ? undefined : patrol.overBudget.get(unsure);
  if (over !== undefined) {
    reason ??= 'budget';
    patrol.counts.unjudged('budget', over);
  }
  const blocking = patrol.mode === 'block';
  const refused = blocking && reason !== undefined && settings['sentinel.whenUnjudged'] === 'closed';
  const unjudged = refused ? { unjudged: reason as NonNullable<typeof reason> } : {};
  const { worst } = weighed;
  if (worst === undefined || worst.combined.action === 'allow') {
    return refused ? { ...allow, ...unjudged } : allow;
  }
  const { value, combined, score } = worst;
  const action = combined.action as JudgedValue['action'];
  const retryAfter = blocking && action === 'throttle' ? throttle(patrol, facts) : undefined;
  const found: JudgedValue = {
    surface: value.surface,
    where: value.where,
    text: value.text,
    score: combined.score,
    band: combined.band,
    action,
    explanation: explain(
      value.signature,
      score === undefined ? undefined : { version: score.version, score },
    ),
    features: score?.reason?.read ?? null,
  };
  const enforced = blocking && (action === 'block' || action === 'escalate' || retryAfter !== undefined);
  const verdict = verdictOf(patrol, facts, found, enforced);
  return { ...verdict, ...unjudged, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** Seconds until this caller may send another request of this kind; nothing when it may now. */
function throttle({ context, throttled }: Patrol, facts: InspectionFacts): number | undefined {
  const caller = `${facts.project} ${blockRange(facts.address)} ${facts.keyId?.() ?? ''}`;
  return throttled.take(caller, context.settings['sentinel.throttlePerMinute'], performance.now());
}

/** Makes the incident, tells the owner, counts. */
function verdictOf(patrol: Patrol, facts: InspectionFacts, value: JudgedValue, enforced: boolean): Verdict {
  const behindUnknownProxy = isBehindUnknownProxy(facts, patrol.context.settings.trustedProxies);
  if (behindUnknownProxy) warnOfProxy(patrol, facts);
  const keyId = facts.extension === undefined ? (facts.keyId?.() ?? null) : null;
  const counts = countsForBlocking(facts, keyId, behindUnknownProxy);
  const incident = makeIncident(facts, value, { enforced, counts, keyId });
  const action = patrol.mode === 'block' ? value.action : 'log';
  patrol.verdicts.inc({ action, surface: value.surface });
  patrol.reports.report(incident);
  return {
    action,
    band: value.band,
    score: value.score,
    signature: value.explanation.signature?.name,
    surface: value.surface,
    where: incident.where,
    incident: incident.id,
    agent: agentName,
  };
}

function warnOfProxy(patrol: Patrol, { address }: InspectionFacts): void {
  if (patrol.warnedOfProxy) return;
  patrol.warnedOfProxy = true;
  patrol.context.log.warn(
    { address },
    'requests are forwarded by a proxy that trustedProxies does not name: their callers cannot be told apart and are never blocked',
  );
}

function valuesOf({ settings }: ReplicaContext): UnsureValues {
  return new UnsureValues({
    values: settings['sentinel.valuesPerRequest'],
    bytes: settings['sentinel.bytesPerRequest'],
  });
}

function deskOf(context: ReplicaContext, quick: QuickScorer): PatrolDesk {
  const patrol = context.part('patrol');
  return new PatrolDesk({
    ask: (request, options) => patrol.ask('judge', request, options),
    after: (milliseconds, callback) => context.timers.after(milliseconds, callback),
    soon: (callback) => void setImmediate(callback),
    now: () => performance.now(),
    timeoutMs: () => context.settings['sentinel.timeoutMs'],
    queue: () => context.settings['sentinel.queue'],
    quickly: (text) => quick.score(text),
  });
}

/** MagSentinel in a CPU thread: signatures without a hop, models through the desk, blocks; bounded memory. */
export const replica = defineReplica<Patrol, SentinelSnapshot, Partial<SentinelSnapshot>, SentinelReplica>({
  of: 'sentinel',
  init(context) {
    const guard = new SqlGuard();
    warmUp(guard);
    const owner = context.part('sentinel');
    const reports = new ReportLimiter(
      reportsPerSecond,
      (incident) => owner.tell('report', incident),
      reportsPerCaller,
    );
    const counts = new DeskCounts();
    context.timers.every(1000, () => {
      reports.tick();
      const facts = counts.take(context.path);
      if (facts !== undefined) owner.tell('counted', facts);
    });
    const quick = new QuickScorer(context.log);
    const desk = deskOf(context, quick);
    const registers = [context.metrics];
    return {
      context,
      mode: context.settings['sentinel.mode'],
      guard,
      wish: {
        values: valuesOf(context),
        get all() {
          return context.settings['sentinel.models'];
        },
        cleared: (text, surface) => desk.clears(text, surface === 'body' ? 'body' : 'query'),
      },
      overBudget: new WeakMap(),
      quick,
      desk,
      counts,
      throttled: new ThrottleBook(),
      blocks: new ReplicaBlocks(),
      reports,
      verdicts: new Counter({
        name: 'magflock_sentinel_verdicts_total',
        help: 'Requests that were not simply let through, by action and surface.',
        labelNames: ['action', 'surface'],
        registers,
      }),
      latency: new Histogram({
        name: 'magflock_sentinel_judge_seconds',
        help: 'Time that requests waited for the models; those that did not wait are not counted.',
        buckets: latencies,
        registers,
      }),
      warnedOfProxy: false,
    };
  },
  applySnapshot: apply,
  applyDelta: apply,
  stop(patrol) {
    patrol.desk.stop();
    patrol.reports.tick(); // what was held back in the last second
  },
  api: (patrol) => ({
    inspect: (facts) => inspect(patrol, facts),
    judge: (facts, unsure) => judge(patrol, facts, unsure),
    hasBlocks: (project, address) => patrol.blocks.has(project, address),
    blockOf: (project, address, keyId) =>
      // What was blocked before nobody is refused for now.
      patrol.mode === 'block' ? patrol.blocks.of(project, address, keyId, Date.now()) : undefined,
  }),
});

function apply(patrol: Patrol, { mode, models, blocks: inForce }: Partial<SentinelSnapshot>): void {
  if (mode !== undefined) patrol.mode = mode;
  if (models !== undefined) {
    patrol.desk.use(models);
    // In shadow mode two versions are compared, which is for the workers.
    void patrol.quick.use(models === null || models.shadow !== null ? null : models.active);
  }
  if (inForce !== undefined) patrol.blocks.replace(inForce);
}
