import type { Settings } from '../../config/settings.ts';
import type { GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type { ReplicaApis } from '../../runtime/protocol/replica-apis.ts';
import type { Logger } from '../../runtime/telemetry/logger.ts';
import type { Metrics } from '../../runtime/telemetry/metrics.ts';
import { BodyBudget } from './body-budget.ts';
import { clientAddress } from './client-address.ts';
import { cors } from './cors.ts';
import { FailureLog } from './failure-log.ts';
import { InFlight } from './in-flight.ts';
import { koaApp } from './koa-app.ts';
import { Listener } from './listen.ts';
import { answerOverdue } from './overdue.ts';
import type { Mount, PipelineParts } from './pipeline-parts.ts';
import { RequestMetrics } from './request-metrics.ts';
import { WakeCoalescer } from './wake-coalescer.ts';

const longestUri = 8_192;
/** Bodies of full size a thread takes in at the same time. */
const fullBodies = 16;
const leastBodyBudget = 64 * 2 ** 20;
const wakeEveryMs = 5;
const overdueEveryMs = 1_000;

/** What the front needs from its thread; no more, so that tests and benches can stand in for the runtime. */
export interface FrontOptions {
  readonly settings: Settings;
  readonly log: Logger;
  /** The level of the log as it is now; default that of the settings. */
  readonly level?: () => Settings['log.level'];
  readonly metrics: Metrics;
  readonly replicas: Pick<ReplicaApis, 'sentinel' | 'psu' | 'audit' | 'storage'> &
    Partial<Pick<ReplicaApis, 'extensions'>>;
  readonly gateways: readonly GatewayReplica[];
  /** Rows may be waiting in the outbox of this project. */
  readonly wakeAudit: (project: string) => void;
}

/** The HTTP front of one CPU thread: everything between the socket and the replicas. */
export interface Front {
  readonly parts: PipelineParts;
  readonly listener: Listener;
  /** Ends timers and connections; after a drain there are none left to cut. */
  stop(): Promise<void>;
}

/** Builds the front; it does not listen yet. */
export function buildFront(options: FrontOptions): Front {
  const { settings, replicas } = options;
  const inFlight = new InFlight();
  const wakes = new WakeCoalescer(options.wakeAudit, wakeEveryMs);
  const metrics = new RequestMetrics(options.metrics, {
    connections: () => listener.connections,
    inFlight: () => inFlight.size,
  });
  const parts: PipelineParts = {
    ...replicas,
    extensions: replicas.extensions,
    mounts: mountsOf(options.gateways),
    limits: {
      bodyBytes: settings['limits.bodyBytes'],
      uriBytes: Math.min(longestUri, settings['limits.headerBytes']),
      requestTimeoutMs: settings['limits.requestTimeoutMs'],
    },
    bodies: new BodyBudget(Math.max(leastBodyBudget, settings['limits.bodyBytes'] * fullBodies)),
    domain: settings.domain?.toLowerCase() ?? null,
    clientAddress: clientAddress(settings.trustedProxies),
    cors: cors(settings.corsOrigins),
    metrics,
    inFlight,
    wakeAudit: (project) => wakes.wake(project),
    log: options.log,
    failures: new FailureLog(options.log),
    // The level may change while the machine runs.
    get logsRequests() {
      const now = options.level?.() ?? settings['log.level'];
      return now === 'debug' || now === 'trace';
    },
    draining: () => listener.draining,
  };
  const listener = new Listener({
    handler: koaApp(parts).callback(),
    inFlight,
    headerBytes: settings['limits.headerBytes'],
    requestTimeoutMs: settings['limits.requestTimeoutMs'],
    connections: settings['limits.connections'],
    answered: (status) => metrics.observe('OTHER', 'unparsed', status, 0),
  });
  const overdue = setInterval(() => answerOverdue(parts), overdueEveryMs);
  overdue.unref();
  return {
    parts,
    listener,
    async stop() {
      clearInterval(overdue);
      await listener.drain(0);
      wakes.flush();
    },
  };
}

function mountsOf(gateways: readonly GatewayReplica[]): readonly Mount[] {
  const mounts = gateways.flatMap((gateway) =>
    gateway.mounts.map((mount) => {
      const { prefix, ...differences } = typeof mount === 'string' ? { prefix: mount } : mount;
      return { ...differences, prefix: prefix.replace(/\/+$/, ''), gateway };
    }),
  );
  return mounts.sort((one, other) => other.prefix.length - one.prefix.length);
}
