import type { Settings } from '../../config/settings.ts';
import type { EventPort } from '../bus/event-port.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ReplicaApis, ReplicaName } from '../protocol/replica-apis.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ActorRef, Protocol } from './actor-ref.ts';
import type { ActorDefinition } from './define-actor.ts';
import type { Entities, EntityOptions } from './entities.ts';
import type { Outcome } from './outcome.ts';
import type { Router, RouterOptions, RouterPool, RouterStrategy } from './router.ts';
import type { SpawnOptions } from './spawn-options.ts';
import type { Terminated } from './terminated.ts';
import type { Timers } from './timers.ts';
import type { Topic } from './topic.ts';

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
  /** This actor, for those it writes to. */
  readonly self: ActorRef<Protocol>;
  /** A ref by path: a part (`/storage`) or a child of one (`/storage/lane-1`). */
  ref<P>(path: string): ActorRef<P>;
  /**
   * Starts a child in this thread. It may be written to at once; its messages wait until its `init` has ended.
   * It ends with this actor, and before it.
   */
  spawn<State, P, Args>(
    definition: ActorDefinition<State, P, Args>,
    options?: SpawnOptions<Args>,
  ): ActorRef<P>;
  /** Stops a child after what waits for it has run. Resolves when it has stopped. */
  stop(child: ActorRef<never>): Promise<void>;
  /**
   * Ends this incarnation after the message that runs.
   * @param reason `normal` (default), `shutdown`, or an error: a crash
   */
  exit(reason?: unknown): void;
  /** Puts the methods of this behaviour of the definition in place. Throws MF608 when there is none. */
  become(behaviour: string): void;
  /** Back to the methods of the definition. */
  unbecome(): void;
  /** Messages put aside with `call.stash()` run next, in the order in which they came. */
  unstash(): void;
  /**
   * Runs `handler`, once, when no message has come for this long. A later call replaces an earlier one.
   * @returns a function that cancels it
   */
  receiveTimeout(milliseconds: number, handler: () => void | Promise<void>): () => void;
  /** Runs `handler` between messages of this actor when the promise has settled; not after its end. */
  pipeToSelf<T>(promise: Promise<T>, handler: (outcome: Outcome<T>) => void | Promise<void>): void;
  /**
   * Runs `handler` between messages, exactly once, when the incarnation that `ref` points to has ended; at once when
   * there is none (`unavailable`). A part between two incarnations is watched from the next one on. A hot swap is no
   * end. The watch ends with this incarnation.
   * @returns a function that ends it
   */
  watch(ref: ActorRef<never>, handler: (terminated: Terminated) => void | Promise<void>): () => void;
  /**
   * Shares the fate of another actor: when one ends by a crash, is killed, or is not there, the other one ends for
   * the same reason, unless its definition has `trapExits`. A normal end and an orderly stop do not spread.
   * @returns a function that ends the link
   */
  link(ref: ActorRef<never>): () => void;
  /**
   * Several actors behind one ref: given ones, or `size` children of a definition.
   * Throws MF608 when the strategy is `consistent-hash` and there is no `key`.
   */
  router<State, P, Args, S extends RouterStrategy>(
    to: readonly ActorRef<P>[] | RouterPool<State, P, Args>,
    options: RouterOptions<S>,
  ): Router<P, S>;
  /** Children of one kind by key, in memory only while they are used. */
  entities<State, P, Args>(
    definition: ActorDefinition<State, P, Args>,
    options?: EntityOptions<Args>,
  ): Entities<P>;
  /** A topic by name, over all threads. Subscriptions end with this incarnation. */
  topic<T>(name: string): Topic<T>;
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
