import type { Settings } from '../../config/settings.ts';
import type { EventPort } from '../bus/event-port.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ReplicaApis, ReplicaName } from '../protocol/replica-apis.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ActorCell } from './actor-cell.ts';
import type { ActorContext } from './actor-context.ts';
import type { ActorRef, Protocol } from './actor-ref.ts';
import { ActorTimers } from './actor-timers.ts';
import type { AnyActor } from './any-actor.ts';
import type { Tenancy } from './cell-extras.ts';
import { ContextBonds } from './context-bonds.ts';
import { ContextGroups } from './context-groups.ts';
import type { ContextHost } from './context-host.ts';
import type { ActorDefinition } from './define-actor.ts';
import { endReason } from './end-reason.ts';
import type { Entities, EntityOptions } from './entities.ts';
import type { Job } from './mailbox.ts';
import type { Outcome } from './outcome.ts';
import { ReceiveTimeout } from './receive-timeout.ts';
import type { Router, RouterOptions, RouterPool, RouterStrategy } from './router.ts';
import { spawn } from './spawn.ts';
import type { SpawnOptions } from './spawn-options.ts';
import type { Terminated } from './terminated.ts';
import type { Timers } from './timers.ts';
import type { Topic } from './topic.ts';

/** The context of one incarnation. Most of it is made when it is first asked for: a million actors need little. */
export class CellContext implements ActorContext, Tenancy {
  readonly incarnation: number;
  readonly #cell: ActorCell;
  readonly #host: ContextHost;
  #closed = false;
  #timers: (Timers & { close(): void }) | undefined;
  #stopping: AbortController | undefined;
  #log: Logger | undefined;
  #events: { readonly port: EventPort; readonly close: () => void } | undefined;
  #receiveTimeout: ReceiveTimeout | undefined;
  #bonds: ContextBonds | undefined;
  #groups: ContextGroups | undefined;

  constructor(cell: ActorCell, host: ContextHost, incarnation: number) {
    this.#cell = cell;
    this.#host = host;
    this.incarnation = incarnation;
  }

  get path(): string {
    return this.#cell.path;
  }

  get settings(): Settings {
    return this.#host.settings;
  }

  get metrics(): Metrics {
    return this.#host.metrics;
  }

  get log(): Logger {
    this.#log ??= this.#host.logger(this.path);
    return this.#log;
  }

  get events(): EventPort {
    if (this.#events === undefined) {
      this.#events = this.#host.eventPort(this.#cell);
      this.#holdOn();
    }
    return this.#events.port;
  }

  get timers(): Timers {
    if (this.#timers === undefined) {
      const enqueue = (job: Job) => this.#cell.enqueueTimer(job);
      this.#timers = this.#host.timers?.(enqueue) ?? new ActorTimers(enqueue);
      this.#holdOn();
    }
    return this.#timers;
  }

  get signal(): AbortSignal {
    if (this.#stopping === undefined) {
      this.#stopping = new AbortController();
      this.#holdOn();
    }
    return this.#stopping.signal;
  }

  get self(): ActorRef<Protocol> {
    return this.#cell.parent === undefined
      ? this.#host.ref(this.path, this.path)
      : this.#host.localRef(this.#cell, this.path);
  }

  ref<P>(path: string): ActorRef<P> {
    return this.#host.ref(path, this.path) as unknown as ActorRef<P>;
  }

  spawn<State, P, Args>(
    definition: ActorDefinition<State, P, Args>,
    options?: SpawnOptions<Args>,
  ): ActorRef<P> {
    if (this.#closed) throw new MagFlockError('MF601', `${this.path} has ended and cannot have children`);
    const given = options as SpawnOptions<unknown> | undefined;
    const child = spawn(this.#cell, this.#host, definition as unknown as AnyActor, given);
    return this.#host.localRef(child, this.path) as unknown as ActorRef<P>;
  }

  async stop(child: ActorRef<never>): Promise<void> {
    const cell = this.#host.cellOf(child);
    if (cell === undefined || cell.parent !== this.#cell) {
      throw new MagFlockError('MF604', `${child.path} is not a child of ${this.path}`);
    }
    const { family } = this.#cell.extras;
    await (family?.has(cell) === true ? family.stop(cell) : cell.stop());
  }

  exit(reason?: unknown): void {
    if (!this.#closed) this.#cell.exit(endReason(reason));
  }

  become(behaviour: string): void {
    if (this.#closed || this.#cell.become(behaviour)) return;
    const known = Object.keys(this.#cell.definition?.behaviours ?? {}).join(', ');
    throw new MagFlockError('MF608', `${this.path} has no behaviour ${behaviour}; there are ${known}`);
  }

  unbecome(): void {
    if (!this.#closed) this.#cell.become(undefined);
  }

  unstash(): void {
    if (!this.#closed) this.#cell.unstash();
  }

  receiveTimeout(milliseconds: number, handler: () => void | Promise<void>): () => void {
    this.#receiveTimeout?.cancel();
    if (this.#closed) return () => {};
    const timeout = new ReceiveTimeout(this.#cell, this.timers, milliseconds, handler);
    this.#receiveTimeout = timeout;
    return () => timeout.cancel();
  }

  pipeToSelf<T>(promise: Promise<T>, handler: (outcome: Outcome<T>) => void | Promise<void>): void {
    const settle = (outcome: Outcome<T>) => {
      if (!this.#closed) this.#cell.enqueueTimer(() => (this.#closed ? undefined : handler(outcome)));
    };
    promise.then(
      (value) => settle({ ok: true, value }),
      (error: unknown) => settle({ ok: false, error }),
    );
  }

  watch(ref: ActorRef<never>, handler: (terminated: Terminated) => void | Promise<void>): () => void {
    return this.#bound.watch(ref, handler);
  }

  link(ref: ActorRef<never>): () => void {
    return this.#bound.link(ref);
  }

  router<State, P, Args, S extends RouterStrategy>(
    to: readonly ActorRef<P>[] | RouterPool<State, P, Args>,
    options: RouterOptions<S>,
  ): Router<P, S> {
    return this.#grouped.router(to as never, options) as unknown as Router<P, S>;
  }

  entities<State, P, Args>(
    definition: ActorDefinition<State, P, Args>,
    options: EntityOptions<Args> = {},
  ): Entities<P> {
    const actor = definition as unknown as AnyActor;
    return this.#grouped.entities(actor, options as EntityOptions<unknown>) as unknown as Entities<P>;
  }

  topic<T>(name: string): Topic<T> {
    return this.#bound.topic(name);
  }

  part<N extends PartName>(name: N): ActorRef<PartProtocols[N]> {
    return this.#host.part(name, this.path);
  }

  replica<N extends ReplicaName>(name: N): ReplicaApis[N] {
    return this.#host.replica(name);
  }

  publish(
    delta: unknown,
    options?: { readonly acknowledged?: boolean; readonly timeoutMs?: number },
  ): Promise<void> {
    return this.#host.publish(this.#cell, delta, options);
  }

  leaving(): Promise<void> | undefined {
    return this.#groups?.leaving();
  }

  stopping(): void {
    this.#bonds?.stopping();
    this.#stopping?.abort();
  }

  close(): void {
    this.#closed = true;
    this.#stopping?.abort();
    this.#timers?.close();
    this.#events?.close();
    this.#bonds?.close();
    this.#groups?.close();
  }

  get #grouped(): ContextGroups {
    this.#groups ??= new ContextGroups(this.#cell, this.#host, this.#bound);
    return this.#groups;
  }

  get #bound(): ContextBonds {
    if (this.#bonds === undefined) {
      this.#bonds = new ContextBonds(this.#cell, this.#host);
      this.#holdOn();
    }
    return this.#bonds;
  }

  /** The incarnation has something that must end with it. */
  #holdOn(): void {
    if (this.#closed) this.close();
    else this.#cell.extras.tenancy = this;
  }
}
