import type { Settings } from '../../config/settings.ts';
import type { EventPort } from '../bus/event-port.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ReplicaApis, ReplicaName } from '../protocol/replica-apis.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ActorCell } from './actor-cell.ts';
import type { ActorRef, Protocol } from './actor-ref.ts';
import type { AnyActor } from './any-actor.ts';
import type { CellHost } from './cell-host.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import type { Job } from './mailbox.ts';
import type { ThreadTopics } from './thread-topics.ts';
import type { Timers } from './timers.ts';
import type { WatchDesk } from './watch-desk.ts';

/** What the context of an actor hands on from its thread. */
export interface ContextHost extends CellHost {
  readonly settings: Settings;
  readonly metrics: Metrics;
  logger(path: string): Logger;
  /** Times the messages of an actor and holds it to its quotas. */
  meter(cell: ActorCell, definition?: AnyActor): void;
  /** Timers on another clock than that of the machine; for tests. */
  timers?(enqueue: (job: Job) => void): Timers & { close(): void };
  /** A socket on the event bus, and the end of its subscriptions. */
  eventPort(cell: ActorCell): { readonly port: EventPort; readonly close: () => void };
  part<N extends PartName>(name: N, from: string): ActorRef<PartProtocols[N]>;
  /** A ref by path. */
  ref(path: string, from: string): ActorRef<Protocol>;
  /** A ref to a cell of this thread. */
  localRef(cell: ActorCell, from: string): ActorRef<Protocol>;
  /** The cell in this thread that a ref points to, or undefined. */
  cellOf(ref: ActorRef<never>): ActorCell | undefined;
  readonly deadlines: DeadlineQueue;
  /** Who watches whom. */
  readonly watches: WatchDesk;
  readonly topics: ThreadTopics;
  replica<N extends ReplicaName>(name: N): ReplicaApis[N];
  publish(
    cell: ActorCell,
    delta: unknown,
    options?: { readonly acknowledged?: boolean; readonly timeoutMs?: number },
  ): Promise<void>;
}
