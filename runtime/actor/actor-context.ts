import type { Settings } from '../../config/settings.ts';
import type { EventPort } from '../bus/event-port.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ReplicaApis, ReplicaName } from '../protocol/replica-apis.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ActorRef } from './actor-ref.ts';
import type { Timers } from './timers.ts';

/** What the runtime hands to an actor. There is no other way to reach anything outside its private state. */
export interface ActorContext {
  /** Path in the supervision tree. */
  readonly path: string;
  /** One life of the actor between two starts, counted from 1. */
  readonly incarnation: number;
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly events: EventPort;
  /** Timers of this incarnation; all are cleared when it stops. */
  readonly timers: Timers;
  /** Aborted when the actor is asked to stop. */
  readonly signal: AbortSignal;
  /** A ref to another part. Resolves by name at each send, so it may be taken before that part has started. */
  part<N extends PartName>(name: N): ActorRef<PartProtocols[N]>;
  /** The replica of another part in this thread (only where the child specification lists it). */
  replica<N extends ReplicaName>(name: N): ReplicaApis[N];
  /**
   * Pushes a change to every replica of this actor.
   * @param delta structured-cloneable
   * @param options `acknowledged`: resolves only when every live replica has applied it, which a revoked key
   * needs. A replica that does not acknowledge within the time is restarted with its thread.
   */
  publish(
    delta: unknown,
    options?: { readonly acknowledged?: boolean; readonly timeoutMs?: number },
  ): Promise<void>;
}
