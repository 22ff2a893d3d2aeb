import type { SettingName, Settings } from '../../config/settings.ts';
import { ActorCell } from '../actor/actor-cell.ts';
import type { ActorRef, Protocol } from '../actor/actor-ref.ts';
import type { AnyActor } from '../actor/any-actor.ts';
import { AskChainWatch } from '../actor/ask-chain-watch.ts';
import type { BlockedAsk } from '../actor/blocked-ask.ts';
import { CellContext } from '../actor/cell-context.ts';
import { cellWatchers } from '../actor/cell-watchers.ts';
import { childEnded } from '../actor/child-ended.ts';
import type { ContextHost } from '../actor/context-host.ts';
import { DeadlineQueue } from '../actor/deadline-queue.ts';
import { deliverLocally } from '../actor/deliver-locally.ts';
import { LocalRef } from '../actor/local-ref.ts';
import type { Mailbox } from '../actor/mailbox.ts';
import type { Message } from '../actor/message.ts';
import { meterCell } from '../actor/meter-cell.ts';
import type { QuotaExcess } from '../actor/quota-excess.ts';
import { RunQueue } from '../actor/run-queue.ts';
import { RuntimeRef } from '../actor/runtime-ref.ts';
import type { EndReason } from '../actor/terminated.ts';
import { threadMark } from '../actor/thread-mark.ts';
import type { ThreadTopics } from '../actor/thread-topics.ts';
import type { WatchDesk } from '../actor/watch-desk.ts';
import type { WatchFrame } from '../actor/watch-frame.ts';
import type { DeadLetter, DeadLetterContent } from '../bus/dead-letter.ts';
import { deadLetterReason } from '../bus/dead-letter-reason.ts';
import type { EventPort } from '../bus/event-port.ts';
import { isSensitive } from '../bus/is-sensitive.ts';
import { PoisonGuard } from '../bus/poison-guard.ts';
import type { ThreadEvents } from '../bus/thread-events.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { storageStores } from '../persistence/storage-stores.ts';
import { type Connection, Link, type LinkHost } from '../port/link.ts';
import type { Outgoing } from '../port/outgoing.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ReplicaApis, ReplicaName } from '../protocol/replica-apis.ts';
import { logLevel } from '../telemetry/log-level.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import type { Tracing } from '../telemetry/tracing-setup.ts';
import type { BlockedThread } from '../telemetry/watchdog.ts';
import { CarriedReplicas } from './carried-replicas.ts';
import { HostBonds } from './host-bonds.ts';
import { moveMessages } from './move-messages.ts';
import type { ReplicaFrame } from './replica-frame.ts';
import { ReplicaPublisher } from './replica-publisher.ts';
import { RouteTable } from './route-table.ts';
import { tellSettings } from './tell-settings.ts';

/** What a thread needs of the main thread. */
export interface HostControl {
  /** Wants a port to that thread, now or as soon as it lives. */
  connect(thread: string): void;
  /** That thread's replica of `owner` did not acknowledge in time. */
  lateReplica(thread: string, owner: string): void;
  deadLetter(letter: DeadLetter, content?: DeadLetterContent): void;
  /** An actor of this thread ended its incarnation by itself. */
  exited(name: string, incarnation: number, reason: EndReason): void;
  /** This thread has its first, or no more, subscriber to a topic. */
  topic(name: string, interested: boolean): void;
  /** All asks of this thread that may be part of a circle. */
  blocked(asks: readonly BlockedAsk[]): void;
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
  /** Undefined while tracing is off. */
  readonly tracing?: Tracing | undefined;
  /** Logger of a part, by its path. */
  logger(part: string): Logger;
}

interface Hosted {
  publisher: ReplicaPublisher;
  /** That of an incarnation on its way into the place of this one. */
  next?: ReplicaPublisher | undefined;
}

/** The runtime of one thread: its actors, its replicas, its links to other threads. The same in every thread. */
export class ActorHost implements LinkHost, ContextHost {
  readonly thread: string;
  readonly runQueue = new RunQueue();
  readonly chains = new AskChainWatch((asks) => this.#options.control.blocked(asks));
  readonly spareMailboxes: Mailbox[] = [];
  readonly routes = new RouteTable();
  readonly deadlines = new DeadlineQueue();
  readonly poison = new PoisonGuard();
  readonly tracer: Tracer | undefined;
  /** Children that are timed; parts always are. */
  readonly #metered = new Set<ActorCell>();
  readonly #excesses = new Map<string, number>();
  /** Watches, links and topics. */
  readonly #bonds: HostBonds;
  readonly #options: ActorHostOptions;
  #settings: Settings;
  readonly #cells = new Map<string, ActorCell>();
  readonly #hosted = new Map<string, Hosted>();
  readonly #links = new Map<string, Link>();
  readonly replicas: CarriedReplicas;

  constructor(options: ActorHostOptions) {
    this.thread = options.thread;
    this.#options = options;
    this.#settings = options.settings;
    this.tracer = options.tracing?.tracer;
    this.replicas = new CarriedReplicas(this, {
      send: (owner, frame) => this.#sendFrame(owner, frame),
      broken: (error) => options.control.crash(error),
      eventPort: (listener) => options.events.port(listener).port,
    });
    this.#bonds = new HostBonds(this, (name, interested) => options.control.topic(name, interested));
    this.routes.onChange((route, before) => {
      const moved = before !== undefined && before.thread !== route.thread && before.state !== 'unavailable';
      if (moved) moveMessages(this, route.name, before.thread, route.thread);
      else if (before?.waits === true && route.waits !== true)
        this.#links.get(route.thread)?.release(route.name);
      this.replicas.follow(route, before);
      if (route.state !== 'unavailable') return;
      const refusal = this.routes.refusal(route.name);
      if (refusal !== undefined) this.#cells.get(route.name)?.close(() => refusal);
      for (const link of this.#links.values()) link.refuseUnreachable();
    });
  }

  // --- actors

  /**
   * Runs `init` and `start` of an actor. It answers nothing until `open`.
   * @param make stands for `init` when a state is taken over
   */
  async start(
    name: string,
    incarnation: number,
    definition: AnyActor,
    args: unknown,
    make?: AnyActor['init'],
  ): Promise<void> {
    const cell = this.cell(name);
    cell.reopen();
    this.#hosted.set(name, {
      publisher: this.#publisher(cell, incarnation, definition, (take) => cell.exclusive(take)),
    });
    this.meter(cell, definition);
    try {
      await cell.start(definition, new CellContext(cell, this, incarnation), args, make);
    } catch (error) {
      this.#forget(name);
      cell.abandon();
      throw error;
    }
  }

  /**
   * An incarnation with this state is on its way into the place of the running one: its replicas may have it.
   * @returns ends that: it took its place, or did not
   */
  succeed(
    cell: ActorCell,
    incarnation: number,
    definition: AnyActor,
    state: unknown,
  ): (took: boolean) => void {
    const hosted = this.#hosted.get(cell.name);
    if (hosted === undefined || cell.parent !== undefined) return () => {};
    let taken = false;
    const publisher = this.#publisher(cell, incarnation, definition, async (take) =>
      taken ? cell.exclusive(take) : take(state),
    );
    hosted.next = publisher;
    return (took) => {
      taken = took;
      hosted.next = undefined;
      (took ? hosted.publisher : publisher).close();
      if (took) hosted.publisher = publisher;
      if (took) this.meter(cell, definition);
    };
  }

  #publisher(
    { name }: ActorCell,
    incarnation: number,
    definition: AnyActor,
    between: (take: (state: unknown) => unknown) => Promise<unknown>,
  ): ReplicaPublisher {
    return new ReplicaPublisher({
      owner: name,
      incarnation,
      send: (thread, frame) => this.#sendFrame(thread, frame),
      snapshot: (atVersion) =>
        between((state) => {
          atVersion();
          if (definition.snapshot !== undefined) return definition.snapshot(state);
          throw new MagFlockError('MF608', `${name} has replicas but its definition has no snapshot`);
        }),
      late: (thread) => this.#options.control.lateReplica(thread, name),
    });
  }

  /** Brings the replicas in these threads to the state of this incarnation. */
  async synchronise(name: string, threads: readonly string[]): Promise<void> {
    const hosted = this.#hosted.get(name);
    await (hosted?.next ?? hosted?.publisher)?.synchronise(threads);
  }

  open(name: string): void {
    threadMark.mark.watched = true;
    this.cell(name).open();
  }

  async stop(name: string): Promise<void> {
    await this.cell(name).stop();
  }

  /** The budget of `stop` is used up: the incarnation is left to itself. */
  abandon(name: string): void {
    this.#forget(name);
    const cell = this.cell(name);
    const moved = cell.phase === 'moved';
    cell.abandon();
    // One that has moved has not ended.
    if (!moved) {
      const reason = { kind: 'killed', detail: 'it did not end within its budget' } as const;
      cellWatchers.fire(cell, cell.incarnation, reason);
    }
  }

  /** The place of an actor of this thread by its path without the first slash; that of a part is made at once. */
  cell(path: string): ActorCell {
    const known = this.#cells.get(path);
    if (known !== undefined) return known;
    const names = path.split('/');
    let cell = this.#part(names[0] as string);
    for (const name of names.slice(1)) {
      const key = name.startsWith('$') ? Number(name.slice(1)) : name;
      const child = cell.hasExtras?.children.get(key);
      if (child === undefined) return this.#nobody(path);
      cell = child;
    }
    return cell;
  }

  #part(name: string): ActorCell {
    let cell = this.#cells.get(name);
    if (cell === undefined) {
      cell = new ActorCell(name, this);
      this.#cells.set(name, cell);
    }
    return cell;
  }

  /** Refuses what is sent to it. */
  #nobody(path: string): ActorCell {
    const nobody = new ActorCell(path, this);
    nobody.close(
      () => new MagFlockError('MF604', `there is no actor /${path}`, { details: { path: `/${path}` } }),
    );
    return nobody;
  }

  cells(): readonly ActorCell[] {
    return [...this.#cells.values()];
  }

  // --- refs

  /** @param from path of the one who asks */
  part<N extends PartName>(name: N, from: string): ActorRef<PartProtocols[N]> {
    return new RuntimeRef(this, from, name) as unknown as ActorRef<PartProtocols[N]>;
  }

  ref(path: string, from: string): ActorRef<Protocol> {
    const target = path.startsWith('/') ? path.slice(1) : path;
    return new RuntimeRef(this, from, target) as unknown as ActorRef<Protocol>;
  }

  localRef(cell: ActorCell, from: string): ActorRef<Protocol> {
    return new LocalRef(cell, from, this.deadlines) as unknown as ActorRef<Protocol>;
  }

  cellOf(ref: ActorRef<never>): ActorCell | undefined {
    const local = LocalRef.cellOf(ref);
    if (local !== undefined) return local;
    const target = ref.path.slice(1);
    const part = target.split('/')[0] as string;
    return this.routes.get(part)?.thread === this.thread ? this.cell(target) : undefined;
  }

  refusal(target: string): MagFlockError | undefined {
    return this.routes.refusal(target.split('/')[0] as string);
  }

  waits(target: string): boolean {
    return this.routes.get(target)?.waits === true;
  }

  // --- what contexts hand on

  get settings(): Settings {
    return this.#settings;
  }

  /** Settings have changed in the running machine. */
  configure(settings: Settings, changed: readonly SettingName[]): void {
    this.#settings = settings;
    logLevel.set(settings['log.level']);
    tellSettings(this.#cells.values(), settings, changed);
  }

  get metrics(): Metrics {
    return this.#options.metrics;
  }

  logger(path: string): Logger {
    return this.#options.logger(path);
  }

  eventPort(cell: ActorCell): { readonly port: EventPort; readonly close: () => void } {
    return this.#options.events.port({
      path: cell.path,
      run: (job) => cell.enqueueTimer(job),
      atRest: () => cell.takesAtOnce,
      handle: (handler, payload) => cell.handle(handler, payload),
      failed: (error) => this.failed(cell, 'event handler', error),
      outbox: () => storageStores(this.part('storage', cell.path)).outbox,
    });
  }

  async publish(
    cell: ActorCell,
    delta: unknown,
    options?: { readonly acknowledged?: boolean; readonly timeoutMs?: number },
  ): Promise<void> {
    await this.#hosted.get(cell.name)?.publisher.publish(delta, options);
  }

  ended(cell: ActorCell, incarnation: number, reason: EndReason, byItself: boolean): void {
    if (cell.phase !== 'moved') cellWatchers.fire(cell, incarnation, reason);
    if (cell.parent !== undefined) {
      this.#metered.delete(cell);
      childEnded(cell, reason, byItself);
      return;
    }
    this.#forget(cell.name);
    if (byItself) this.#options.control.exited(cell.name, incarnation, reason);
  }

  failed(cell: ActorCell, where: string, error: unknown): void {
    cell.extras.lastError = `${where}: ${MagFlockError.from(error).message}`;
    this.logger(cell.path).error({ err: error, method: where }, `${cell.name}.${where} failed`);
  }

  // --- instruments

  /** Times the messages of an actor and holds it to the quotas of this definition. */
  meter(cell: ActorCell, definition = cell.definition): void {
    meterCell(cell, definition?.quotas, (excess) => this.#exceeded(cell.path, excess));
    if (cell.parent !== undefined) this.#metered.add(cell);
  }

  /** A second has passed. */
  tick(): void {
    for (const cell of this.#cells.values()) cell.hasExtras?.meter?.tick(cell.handled);
    for (const cell of this.#metered) cell.hasExtras?.meter?.tick(cell.handled);
  }

  /** Times a part went over a quota, as `<part> <quota>`. */
  get excesses(): ReadonlyMap<string, number> {
    return this.#excesses;
  }

  /** The thread of a part went over its heap and has ended. */
  heapExceeded(part: string, megabytes: number): void {
    this.#exceeded(`/${part}`, {
      quota: 'heapMegabytes',
      limit: megabytes,
      value: megabytes,
      policy: 'restart',
    });
  }

  announceBlocked({ actor, method, thread, running, forMs }: BlockedThread, over: boolean): void {
    this.#events.emit('actor.blocked', {
      path: actor,
      method,
      thread,
      running,
      forMs: Math.round(forMs),
      over,
    });
  }

  /** Spans of this thread by what became of them. */
  get spans(): { readonly sent?: number; readonly dropped?: number } {
    return this.#options.tracing?.counts ?? {};
  }

  /** Sends the spans that wait. */
  async flushTracing(): Promise<void> {
    await this.#options.tracing?.flush();
  }

  #exceeded(path: string, { quota, limit, value, policy }: QuotaExcess): void {
    const key = `${path.split('/')[1]} ${quota}`;
    this.#excesses.set(key, (this.#excesses.get(key) ?? 0) + 1);
    const came = Math.round(value);
    this.logger(path).warn({ quota, limit, value: came, policy }, `${path} is over its quota ${quota}`);
    this.#events.emit('actor.quota.exceeded', { path, quota, limit, value: came, policy });
  }

  get #events(): EventPort {
    return this.#options.events.port({
      path: `/${this.thread}`,
      run: (job) => void job(),
      failed: () => {},
      outbox: () => storageStores(this.part('storage', `/${this.thread}`)).outbox,
    }).port;
  }

  /** Ends a message for which there is nobody. */
  refuse(outgoing: Outgoing): void {
    const { target, from } = outgoing.address;
    const error = this.refusal(target) ?? new MagFlockError('MF607', `${target} is not available`);
    if (outgoing.asked) outgoing.fail(error);
    else {
      const reason = error.code === 'MF604' ? 'no-such-part' : 'part-unavailable';
      const { asked, method, payload, meta } = outgoing;
      const content = { asked, payload, id: meta?.id };
      this.deadLetter({ to: target, from, method, reason, detail: error.message }, content);
    }
  }

  deadLetter(letter: Omit<DeadLetter, 'at'>, content?: DeadLetterContent): void {
    const { reason, to, method } = letter;
    const guilty = reason === 'died-while-running' && content?.ran !== true;
    if (guilty && content?.id !== undefined) this.poison.died(to, content.id);
    const kept = isSensitive(to, method) ? undefined : content;
    this.#options.control.deadLetter({ at: new Date().toISOString(), ...letter }, kept);
  }

  // --- replicas

  replica<N extends ReplicaName>(name: N): ReplicaApis[N] {
    return this.replicas.api(name);
  }

  get watches(): WatchDesk {
    return this.#bonds.watches;
  }

  get topics(): ThreadTopics {
    return this.#bonds.topics;
  }

  onWatchFrame(from: string, frame: WatchFrame): void {
    this.watches.onFrame(from, frame);
  }

  onTopic(from: string, name: string, publisher: string, payload: unknown): void {
    this.topics.receive(from, name, publisher, payload);
  }

  onTopicTaken(from: string, name: string, count: number): void {
    this.topics.taken(from, name, count);
  }

  onReplicaFrame(from: string, frame: ReplicaFrame): void {
    if (frame.kind === 'subscribe' || frame.kind === 'applied') {
      // Each looks at the incarnation.
      const hosted = this.#hosted.get(frame.owner);
      hosted?.publisher.onFrame(from, frame);
      hosted?.next?.onFrame(from, frame);
    } else this.replicas.onFrame(frame);
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
  threadDown(thread: string, incarnation: number, reason?: EndReason): void {
    for (const { publisher, next } of this.#hosted.values()) {
      publisher.threadDown(thread);
      next?.threadDown(thread);
    }
    const link = this.#links.get(thread);
    // What it had said before it died comes first.
    link?.down(incarnation);
    this.topics.threadDown(thread);
    this.watches.threadDown(thread, reason ?? { kind: 'crash', detail: `its thread ${thread} has ended` });
    if (link === undefined) return;
    // Hot swaps leave threads behind that nobody writes to any more.
    for (const outgoing of link.strays((target) => this.#threadOf(target) !== thread)) this.#follow(outgoing);
    const wanted = link.waiting > 0 || this.routes.all().some((route) => route.thread === thread);
    if (!wanted) this.#links.delete(thread);
  }

  /**
   * Resolves when nothing waits here for room in, or a connection to, another thread.
   * @param mostMs milliseconds after which it resolves all the same
   */
  async idle(mostMs = Number.POSITIVE_INFINITY): Promise<void> {
    const until = performance.now() + mostMs;
    const waits = () => this.links().some(({ waiting }) => waiting > 0);
    while (waits() && performance.now() < until) await new Promise((done) => setTimeout(done, 5));
  }

  /** Closes all ports and timers of the runtime; the end of the thread. */
  close(): void {
    for (const link of this.#links.values()) {
      // Nobody else would know that these reached nobody.
      for (const outgoing of link.strays(() => true)) if (!outgoing.asked) this.refuse(outgoing);
      link.close();
    }
    this.deadlines.close();
    this.chains.close();
  }

  #threadOf(target: string): string | undefined {
    return this.routes.get(target.split('/')[0] as string)?.thread;
  }

  /** Sends a message that waited for a thread to the one in which its target is now. */
  #follow(outgoing: Outgoing): void {
    const { target } = outgoing.address;
    const thread = this.#threadOf(target);
    if (thread === undefined || this.refusal(target) !== undefined) this.refuse(outgoing);
    else if (thread === this.thread) deliverLocally(this.cell(target), outgoing);
    else this.link(thread).resend([outgoing]);
  }

  #sendFrame(thread: string, frame: ReplicaFrame): void {
    if (thread === this.thread) queueMicrotask(() => this.onReplicaFrame(thread, frame));
    else this.link(thread).sendFrame(frame);
  }

  #forget(name: string): void {
    const hosted = this.#hosted.get(name);
    this.#hosted.delete(name);
    hosted?.publisher.close();
  }

  lost(cell: ActorCell, message: Message, error: MagFlockError): void {
    const { from, method, asked, payload, given } = message;
    const reason = deadLetterReason(error);
    const detail = `${error.code}: ${error.message}`;
    const content = { asked, payload, id: given };
    this.deadLetter({ to: cell.path.slice(1), from, method, reason, detail }, content);
  }
}
