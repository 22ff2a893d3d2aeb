import type { AuditReplica } from '../../runtime/protocol/audit.protocol.ts';
import type { ExtensionsReplica } from '../../runtime/protocol/extensions.protocol.ts';
import type { GatewayMount, GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type { PsuReplica } from '../../runtime/protocol/psu.protocol.ts';
import type { SentinelReplica } from '../../runtime/protocol/sentinel.protocol.ts';
import type { StorageReplica } from '../../runtime/protocol/storage.protocol.ts';
import type { Logger } from '../../runtime/telemetry/logger.ts';
import type { BodyBudget } from './body-budget.ts';
import type { ClientAddress } from './client-address.ts';
import type { Cors } from './cors.ts';
import type { FailureLog } from './failure-log.ts';
import type { InFlight } from './in-flight.ts';
import type { RequestMetrics } from './request-metrics.ts';

/** A gateway under one of its prefixes, which has no slash at the end. */
export interface Mount extends GatewayMount {
  readonly gateway: GatewayReplica;
}

/** Limits of one request, in bytes and milliseconds. */
export interface RequestLimits {
  readonly bodyBytes: number;
  readonly uriBytes: number;
  readonly requestTimeoutMs: number;
}

/** Everything the stages work with; one per CPU thread, the same for all its requests. */
export interface PipelineParts {
  readonly sentinel: SentinelReplica;
  readonly psu: PsuReplica;
  readonly audit: AuditReplica;
  readonly storage: StorageReplica;
  /** Absent where nobody asked for extensions. */
  readonly extensions: ExtensionsReplica | undefined;
  /** Longest prefix first. */
  readonly mounts: readonly Mount[];
  readonly limits: RequestLimits;
  readonly bodies: BodyBudget;
  /** Setting `domain`, lower case. */
  readonly domain: string | null;
  readonly clientAddress: ClientAddress;
  readonly cors: Cors;
  readonly metrics: RequestMetrics;
  readonly inFlight: InFlight;
  /** A write of this project was committed: its outbox has a row. */
  readonly wakeAudit: (project: string) => void;
  readonly log: Logger;
  /** Requests that failed on our side. */
  readonly failures: FailureLog;
  /** One line per request; only at log level debug. */
  readonly logsRequests: boolean;
  /** True from the moment a drain begins: connections end after their answer. */
  readonly draining: () => boolean;
}
