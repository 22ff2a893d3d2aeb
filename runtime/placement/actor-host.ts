import type { Settings } from '../../config/settings.ts';
import { ActorCell, type AnyActor } from '../actor/actor-cell.ts';
import type { ActorRef } from '../actor/actor-ref.ts';
import { ActorTimers } from '../actor/actor-timers.ts';
import { DeadlineQueue } from '../actor/deadline-queue.ts';
import type { Message } from '../actor/message.ts';
import { RuntimeRef } from '../actor/runtime-ref.ts';
import type { DeadLetter } from '../bus/dead-letter.ts';
import { deadLetterReason } from '../bus/dead-letter-reason.ts';
import type { ThreadEvents } from '../bus/thread-events.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { type Connection, Link, type LinkHost } from '../port/link.ts';
import type { Outgoing } from '../port/outgoing.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ReplicaApis, ReplicaName } from '../protocol/replica-apis.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ReplicaContext } from './define-replica.ts';
import type { ReplicaFrame } from './replica-frame.ts';
import { ReplicaPublisher } from './replica-publisher.ts';
import { type AnyReplica, ReplicaSlot } from './replica-slot.ts';
import { RouteTable } from './route-table.ts';

/** What a thread needs of the main thread. */
export interface HostControl {
  /** Wants a port to that thread, now or as soon as it lives. */
  connect(thread: string): void;
  /** That thread's replica of `owner` did not acknowledge in time. */
  lateReplica(thread: string, owner: string): void;
  deadLetter(letter: DeadLetter): void;
  /** Nothing in this thread can be trusted any more: end it. */
  crash(error: Error): void;
}

export interface ActorHostOptions {
  /** Name of the thread, `main` for the main one. */
  readonly thread: string;
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly events: ThreadEvents;
  readonly control: HostControl;
  /** Logger of a part, by its path. */
  logger(part: string): Logger;
}

interface Hosted {
  readonly cell: ActorCell;
  readonly publisher: ReplicaPublisher;
  readonly unsubscribe: () => void;
}

/** The runtime of one thread: its actors, its replicas, its links to other threads. The same in every thread. */
export class ActorHost implements LinkHost {
  readonly thread: string;
  readonly routes = new RouteTable();
  readonly deadlines = new DeadlineQueue();
  readonly #options: ActorHostOptions;
  readonly #cells = new Map<string, ActorCell>();
  readonly #hosted = new Map<string, Hosted>();
  readonly #links = new Map<string, Link>();
  readonly #replicas = new Map<string, ReplicaSlot>();

  constructor(options: ActorHostOptions) {
    this.thread = options.thread;
    this.#options = options;
    this.routes.onChange((route) => {
      const replica = this.#replicas.get(route.name);
      const serves = route.state === 'syncing' || route.state === 'ready';
      // Its owner has started anew: take its state over. What it had is served until then.
      if (replica !== undefined && serves && replica.incarnation > 0)
        void replica.subscribe(route.incarnation);
      if (route.state !== 'unavailable') return;
      const refusal = this.routes.refusal(route.name);
      if (refusal !== undefined) this.#cells.get(route.name)?.close(refusal);
      for (const link of this.#links.values()) link.refuseUnreachable();
    });
  }

  // --- actors

  /** Runs `init` and `start` of an actor. It answers nothing until `open`. */
  async start(name: string, incarnation: number, definition: AnyActor, args: unknown): Promise<void> {
    const cell = this.cell(name);
    cell.reopen();
    const { settings, metrics, events, control } = this.#options;
    const log = this.#options.logger(`/${name}`);
    const timers = new ActorTimers((job) => cell.enqueueJob(job));
    const stopping = new AbortController();
    const publisher = new ReplicaPublisher({
      owner: name,
      incarnation,
      send: (thread, frame) => this.#sendFrame(thread, frame),
      snapshot: (atVersion) =>
        cell.exclusive((state) => {
          atVersion();
          if (definition.snapshot !== undefined) return definition.snapshot(state);
          throw new MagFlockError('MF608', `${name} has replicas but its definition has no snapshot`);
        }),
      late: (thread) => control.lateReplica(thread, name),
    });
    const { port, close } = events.port((error) => log.error({ err: error }, 'event handler failed'));
    this.#hosted.set(name, { cell, publisher, unsubscribe: close });
    const context = {
      path: `/${name}`,
      incarnation,
      settings,
      log,
      metrics,
      events: port,
      timers,
      signal: stopping.signal,
      part: <N extends PartName>(part: N) => this.part(part, `/${name}`),
      replica: <N extends ReplicaName>(replica: N) => this.replica(replica),
      publish: (delta: unknown, options?: { acknowledged?: boolean; timeoutMs?: number }) =>
        publisher.publish(delta, options),
    };
    try {
      await cell.start({ definition, context, timers, stopping, log }, args);
    } catch (error) {
      this.#forget(name);
      cell.abandon();
      throw error;
    }
  }

  /** Brings the replicas in these threads to the state of this incarnation. */
  async synchronise(name: string, threads: readonly string[]): Promise<void> {
    await this.#hosted.get(name)?.publisher.synchronise(threads);
  }

  open(name: string): void {
    this.cell(name).open();
  }

  async stop(name: string): Promise<void> {
    try {
      await this.cell(name).stop();
    } finally {
      this.#forget(name);
    }
  }

  /** The budget of `stop` is used up: the incarnation is left to itself. */
  abandon(name: string): void {
    this.#forget(name);
    this.cell(name).abandon();
  }

  cell(name: string): ActorCell {
    let cell = this.#cells.get(name);
    if (cell === undefined) {
      cell = new ActorCell(name, (message, error) => this.#lost(name, message, error));
      this.#cells.set(name, cell);
    }
    return cell;
  }

  cells(): readonly ActorCell[] {
    return [...this.#cells.values()];
  }

  // --- refs

  /** @param from path of the one who asks */
  part<N extends PartName>(name: N, from: string): ActorRef<PartProtocols[N]> {
    return new RuntimeRef(this, from, name) as unknown as ActorRef<PartProtocols[N]>;
  }

  refusal(target: string): MagFlockError | undefined {
    return this.routes.refusal(target);
  }

  waits(target: string): boolean {
    return this.routes.get(target)?.waits === true;
  }

  /** Ends a message for which there is nobody. */
  refuse(outgoing: Outgoing): void {
    const { target, from } = outgoing.address;
    const error = this.routes.refusal(target) ?? new MagFlockError('MF607', `${target} is not available`);
    if (outgoing.asked) outgoing.fail(error);
    else {
      const reason = error.code === 'MF604' ? 'no-such-part' : 'part-unavailable';
      this.deadLetter({ to: target, from, method: outgoing.method, reason, detail: error.message });
    }
  }

  deadLetter(letter: Omit<DeadLetter, 'at'>): void {
    this.#options.control.deadLetter({ at: new Date().toISOString(), ...letter });
  }

  // --- replicas

  replica<N extends ReplicaName>(name: N): ReplicaApis[N] {
    const slot = this.#replicas.get(name);
    if (slot === undefined) {
      throw new MagFlockError('MF611', `thread ${this.thread} carries no replica of ${name}`, {
        fix: `list it under replicas in the child specification of the part that needs it`,
      });
    }
    return slot.api as ReplicaApis[N];
  }

  /** Starts a replica and waits for its first state. */
  async startReplica(name: string, definition: AnyReplica, args: unknown): Promise<void> {
    const slot = new ReplicaSlot({
      name,
      definition,
      send: (frame) => this.#sendFrame(this.routes.get(name)?.thread ?? '', frame),
      broken: (error) => this.#options.control.crash(error),
    });
    const path = `/${this.thread}/${name}`;
    const log = this.#options.logger(path);
    const timers = new ActorTimers((job) => void runJob(job, log));
    const { port } = this.#options.events.port((error) => log.error({ err: error }, 'event handler failed'));
    const context: ReplicaContext = {
      path,
      settings: this.#options.settings,
      log,
      metrics: this.#options.metrics,
      events: port,
      timers,
      part: (part) => this.part(part, path),
      replica: (replica) => this.replica(replica),
    };
    await slot.init(context, args);
    this.#replicas.set(name, slot);
    const route = await this.routes.when(name, ({ state }) => state === 'syncing' || state === 'ready');
    await slot.subscribe(route.incarnation);
  }

  /**
   * Resolves when every replica has the state of its owner's latest incarnation. An owner that restarted while
   * this thread was starting must not be served from its former life. One that is down is not waited for.
   */
  async replicasCurrent(): Promise<void> {
    for (const [name, slot] of this.#replicas) {
      const down = this.routes.watch(name, ({ state }) => state === 'pending' || state === 'unavailable');
      await Promise.race([slot.current, down.promise]);
      down.stop();
    }
  }

  async stopReplicas(): Promise<void> {
    const slots = [...this.#replicas.values()].reverse();
    for (const slot of slots) await slot.stop();
  }

  onReplicaFrame(from: string, frame: ReplicaFrame): void {
    if (frame.kind === 'subscribe' || frame.kind === 'applied') {
      this.#hosted.get(frame.owner)?.publisher.onFrame(from, frame);
    } else this.#replicas.get(frame.owner)?.onFrame(frame);
  }

  // --- links

  link(thread: string): Link {
    let link = this.#links.get(thread);
    if (link === undefined) {
      link = new Link(thread, this);
      this.#links.set(thread, link);
    }
    return link;
  }

  links(): readonly Link[] {
    return [...this.#links.values()];
  }

  connect(thread: string): void {
    this.#options.control.connect(thread);
  }

  attach(peer: string, connection: Connection): void {
    this.link(peer).attach(connection);
  }

  /** A thread has ended. */
  threadDown(thread: string, incarnation: number): void {
    for (const { publisher } of this.#hosted.values()) publisher.threadDown(thread);
    this.#links.get(thread)?.down(incarnation);
  }

  /** Closes all ports and timers of the runtime; the end of the thread. */
  close(): void {
    for (const link of this.#links.values()) link.close();
    this.deadlines.close();
  }

  #sendFrame(thread: string, frame: ReplicaFrame): void {
    if (thread === this.thread) queueMicrotask(() => this.onReplicaFrame(thread, frame));
    else this.link(thread).sendFrame(frame);
  }

  #forget(name: string): void {
    const hosted = this.#hosted.get(name);
    this.#hosted.delete(name);
    hosted?.publisher.close();
    hosted?.unsubscribe();
  }

  #lost(name: string, message: Message, error: MagFlockError): void {
    const { from, method } = message;
    const reason = deadLetterReason(error);
    this.deadLetter({ to: name, from, method, reason, detail: `${error.code}: ${error.message}` });
  }
}

async function runJob(job: () => void | Promise<void>, log: Logger): Promise<void> {
  try {
    await job();
  } catch (error) {
    log.error({ err: error }, 'timer failed');
  }
}
