import type { Settings } from '../../config/settings.ts';
import type { BlockedAsk } from '../actor/blocked-ask.ts';
import type { EndReason } from '../actor/terminated.ts';
import { threadMark } from '../actor/thread-mark.ts';
import type { PostedLetters } from '../bus/dead-letter-post.ts';
import type { EventHub } from '../bus/event-hub.ts';
import { type ThreadFlows, threadFlows } from '../bus/thread-flows.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import { childBudget } from '../supervision/child-budget.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { Logger } from '../telemetry/logger.ts';
import { CellSuccessor } from './cell-successor.ts';
import type { ChildExit, Placement, StartedChild } from './placement.ts';
import type { Route } from './route.ts';
import { SpareThread } from './spare-thread.ts';
import type { Successor, SuccessorRequest } from './successor.ts';
import { SwapGuard } from './swap-guard.ts';
import type { Switchboard } from './switchboard.ts';
import { Thread, type ThreadExit, type WorkerHandle } from './thread.ts';
import type { FromThread } from './thread-control.ts';
import { ThreadSuccessor } from './thread-successor.ts';
import { within } from './within.ts';

export interface ThreadPlacementOptions {
  /** As they are now. */
  settings(): Settings;
  readonly version: string;
  readonly logFile: string | null;
  readonly log: Logger;
  readonly switchboard: Switchboard;
  readonly hub: EventHub;
  routes(): readonly Route[];
  onExit(exit: ChildExit): void;
  /** Asks that may be part of a circle; none when the thread has ended. */
  onBlocked(thread: string, asks: readonly BlockedAsk[]): void;
  onDeadLetters(letters: PostedLetters): void;
  /** Where a thread says what it does at the moment; undefined when it has ended. */
  onMark?(thread: string, mark: SharedArrayBuffer | undefined): void;
  /** A part went over the heap of its thread, and that has ended. */
  onHeapExceeded?(part: string): void;
  /** Milliseconds without a crash before a spare thread is made; false for none. Default 500. */
  readonly spare?: number | false | undefined;
}

/** Time a thread gets to end after its actors have stopped, and a killed one to be gone. */
const endMs = 2_000;
const quietMs = 500;

/** Whose thread it is when it is not the placement's. */
export interface ThreadOwner {
  /** Its actor ended by itself. */
  onEnded(reason: EndReason): void;
  onExit(exit: ThreadExit): void;
}

/** Actors in worker threads. A thread starts with its first actor and ends with its last. */
export class ThreadPlacement implements Placement {
  readonly #options: ThreadPlacementOptions;
  /** Ids of the actors that live in each thread now. */
  readonly #actors = new Map<string, Set<string>>();
  readonly #incarnations = new Map<string, number>();
  readonly #ending = new Set<Thread>();
  readonly #owners = new Map<Thread, ThreadOwner>();
  /** Threads that ended by themselves, until they start again. */
  readonly #crashed = new Set<string>();
  /** hrefs of what a thread has loaded, by its name. */
  readonly #modules = new Map<string, Set<string>>();
  readonly #spare: SpareThread | undefined;
  /** Threads that parts have come to by hot swap, by id. */
  readonly #moved = new Map<string, string>();
  readonly #swaps = new Map<string, SwapGuard>();

  constructor(options: ThreadPlacementOptions) {
    this.#options = options;
    if (options.spare !== false) this.#spare = new SpareThread(options.spare ?? quietMs);
  }

  /** The machine runs: from now on a crashed thread finds a spare one. */
  ready(): void {
    this.#spare?.open();
  }

  threadOf(spec: ChildSpec): string {
    return this.#moved.get(spec.id) ?? this.#firstThreadOf(spec);
  }

  #firstThreadOf(spec: ChildSpec): string {
    return (spec.placement.kind === 'thread' ? spec.placement.thread : undefined) ?? spec.id;
  }

  async start(spec: ChildSpec, incarnation: number): Promise<StartedChild> {
    const name = this.threadOf(spec);
    const thread = this.#options.switchboard.thread(name) ?? this.#spawn(name, spec);
    const actors = this.#actors.get(name) ?? new Set();
    this.#actors.set(name, actors.add(spec.id));
    const replicas = (spec.replicas ?? []).map((replica) => ({
      name: replica.name,
      module: replica.module.href,
      args: replica.args,
    }));
    const loaded = this.#modules.get(name) ?? new Set();
    this.#modules.set(name, loaded);
    for (const href of [spec.module.href, ...replicas.map(({ module }) => module)]) loaded.add(href);
    const { args, quotas } = spec;
    const order = { name: spec.id, incarnation, module: spec.module.href, args, replicas, quotas };
    try {
      return await thread.order('start', order, childBudget(spec).startMs);
    } catch (error) {
      actors.delete(spec.id);
      // A start that hangs holds the thread; one that failed leaves replicas and half an actor behind.
      if (actors.size === 0) await this.#kill(thread);
      throw error;
    }
  }

  /**
   * Makes the thread of a child that will start soon and has it load its modules, which is most of the time a
   * start takes. What fails here fails again, and is reported, at `start`.
   */
  async prepare(spec: ChildSpec): Promise<void> {
    const name = this.threadOf(spec);
    const thread = this.#options.switchboard.thread(name) ?? this.#spawn(name, spec);
    const modules = [spec.module, ...(spec.replicas ?? []).map(({ module }) => module)].map(
      ({ href }) => href,
    );
    await thread.order('load', { modules }, childBudget(spec).startMs).catch(() => {});
  }

  /** Ends the spare thread, those of children that never started, and those of actors that ended for good. */
  async endIdle(): Promise<void> {
    await this.#spare?.close();
    const idle = this.#options.switchboard
      .threads()
      .filter((thread) => !this.#ending.has(thread) && !this.#owners.has(thread));
    for (const { name } of idle) this.#actors.delete(name);
    await Promise.all(idle.map((thread) => this.#kill(thread)));
  }

  /** Ends every thread without asking it, and without starting it again. */
  async killAll(): Promise<void> {
    const threads = this.#options.switchboard.threads();
    for (const thread of threads) this.#ending.add(thread);
    await Promise.all([this.#spare?.close(), ...threads.map((thread) => this.#terminate(thread))]);
  }

  async synchronise(spec: ChildSpec, threads: readonly string[]): Promise<void> {
    await this.#thread(spec).order('synchronise', { name: spec.id, threads }, childBudget(spec).startMs);
  }

  async open(spec: ChildSpec): Promise<void> {
    await this.#thread(spec).order('open', { name: spec.id }, childBudget(spec).startMs);
  }

  async stop(spec: ChildSpec): Promise<'stopped' | 'killed'> {
    await this.#swaps.get(spec.id)?.abort();
    const name = this.threadOf(spec);
    const thread = this.#options.switchboard.thread(name);
    const actors = this.#actors.get(name);
    if (thread === undefined || actors === undefined || !actors.has(spec.id)) return 'stopped';
    let outcome: 'stopped' | 'killed' = 'stopped';
    try {
      await thread.order('stop', { name: spec.id }, childBudget(spec).stopMs);
    } catch (error) {
      outcome = 'killed';
      this.#options.log.warn({ part: spec.id, err: error }, `${spec.id} did not stop and is ended by force`);
    }
    actors.delete(spec.id);
    if (outcome === 'killed') await this.#kill(thread);
    else if (actors.size === 0) {
      this.#ending.add(thread);
      await thread.order('end', null, endMs).catch(() => {});
      await within(endMs, thread.exited, `thread ${name} does not end`).catch(() => this.#kill(thread));
    }
    return outcome;
  }

  successor(spec: ChildSpec, request: SuccessorRequest): Successor {
    const old = this.#thread(spec);
    const guard = new SwapGuard(spec.id);
    this.#swaps.set(spec.id, guard);
    const settled = () => this.#swaps.delete(spec.id);
    if ((this.#actors.get(old.name)?.size ?? 0) > 1) {
      return new CellSuccessor({
        ...request,
        ...childBudget(spec),
        guard,
        name: spec.id,
        thread: old.name,
        order: (order, request, timeoutMs) => old.order(order, request, timeoutMs),
        ended: () => old.ended,
        settled,
      });
    }
    return new ThreadSuccessor({
      guard,
      spec,
      request,
      old,
      switchboard: this.#options.switchboard,
      spawn: () => this.#spawn(this.#freeName(spec), spec),
      moved: (thread) => this.#move(spec, old, thread),
      kill: (thread) => this.#kill(thread),
      settled,
    });
  }

  /** `psu`, `psu~1`: as many names as there are incarnations at a time, so that what is kept by name stays little. */
  #freeName(spec: ChildSpec): string {
    const first = this.#firstThreadOf(spec);
    let name = first;
    for (let number = 1; this.#options.switchboard.thread(name) !== undefined; number++)
      name = `${first}~${number}`;
    return name;
  }

  #move(spec: ChildSpec, old: Thread, thread: Thread): void {
    this.#actors.delete(old.name);
    this.#actors.set(thread.name, new Set([spec.id]));
    this.#moved.set(spec.id, thread.name);
    this.#ending.add(old);
  }

  healthCheck(spec: ChildSpec, timeoutMs: number): Promise<Health> {
    return this.#thread(spec).order('healthCheck', { name: spec.id }, timeoutMs);
  }

  capabilities(spec: ChildSpec, timeoutMs: number): Promise<readonly string[]> {
    return this.#thread(spec).order('capabilities', { name: spec.id }, timeoutMs);
  }

  #thread(spec: ChildSpec): Thread {
    const thread = this.#options.switchboard.thread(this.threadOf(spec));
    if (thread === undefined) throw new MagFlockError('MF607', `the thread of ${spec.id} is not running`);
    return thread;
  }

  /** Makes a worker that somebody else has made, and ends, a thread of the machine. */
  adopt(name: string, worker: WorkerHandle, owner: ThreadOwner): Thread {
    const thread = this.#make(name, worker, undefined, true);
    this.#owners.set(thread, owner);
    return thread;
  }

  #spawn(name: string, spec: ChildSpec): Thread {
    const heapMegabytes = spec.placement.kind === 'thread' ? spec.placement.heapMegabytes : undefined;
    // Only after a crash: a start that somebody asked for must read its modules anew.
    const crashed = this.#crashed.delete(name);
    const spare = crashed && heapMegabytes === undefined ? this.#spare?.take() : undefined;
    const thread = this.#make(name, spare, heapMegabytes);
    if (crashed) this.#spare?.want();
    else this.#spare?.forget();
    return thread;
  }

  #make(
    name: string,
    spare: WorkerHandle | undefined,
    heapMegabytes: number | undefined,
    pooled = false,
  ): Thread {
    const { version, logFile, switchboard, hub } = this.#options;
    const settings = this.#options.settings();
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    const routes = this.#options.routes();
    const flows = threadFlows();
    const thread: Thread = new Thread({
      birth: {
        ...{ thread: name, incarnation, pooled, version, settings, logFile, routes },
        flows: flows.shared,
        mainMark: threadMark.mark.buffer,
      },
      heapMegabytes,
      spare,
      onMessage: (message) => this.#onMessage(thread, message, flows),
      onExit: (exit) => this.#onExit(thread, exit),
    });
    hub.addThread(name, (batch) => thread.send({ kind: 'events', batch }), flows.toThread);
    switchboard.add(thread);
    return thread;
  }

  #onMessage(
    thread: Thread,
    message: Exclude<FromThread, { kind: 'done' | 'failed' }>,
    flows: ThreadFlows,
  ): void {
    const { switchboard, hub, log } = this.#options;
    switch (message.kind) {
      case 'connect':
        switchboard.connect(thread.name, message.thread);
        break;
      case 'topic':
        void switchboard.topics.interest(thread.name, message.name, message.interested);
        break;
      case 'events':
        flows.toHub.taken(message.batch.length / 2);
        hub.emit(message.batch);
        break;
      case 'mark':
        this.#options.onMark?.(thread.name, message.buffer);
        break;
      case 'blocked':
        this.#options.onBlocked(thread.name, message.asks);
        break;
      case 'interested':
        hub.interest(thread.name, message.name, message.interested);
        break;
      case 'dead-letter':
      case 'dead-letters-lost':
        flows.letters.taken();
        this.#options.onDeadLetters(message);
        break;
      case 'exited': {
        this.#owners.get(thread)?.onEnded(message.reason);
        const { kind, detail, quarantine } = message.reason;
        const reason = kind === 'normal' || kind === 'shutdown' ? kind : 'crash';
        // One that has moved away ends unnoticed.
        const lives = this.#actors.get(thread.name)?.has(message.name) === true;
        if (lives) this.#options.onExit({ id: message.name, reason, detail, quarantine });
        break;
      }
      case 'late-replica':
        log.error({ thread: message.thread, owner: message.owner }, 'a replica did not acknowledge in time');
        this.endLate(message.thread, message.owner);
        break;
      default:
        message satisfies never;
    }
  }

  /** Ends a thread whose replica is behind; its supervisor starts it anew. */
  endLate(name: string, owner: string): void {
    const thread = this.#options.switchboard.thread(name);
    if (thread === undefined) return;
    this.#ended.set(thread, `its replica of ${owner} did not acknowledge in time`);
    void this.#terminate(thread);
  }

  /** Ends a thread that does not get on; its supervisor starts it anew. */
  endStuck(name: string, detail: string): void {
    const thread = this.#options.switchboard.thread(name);
    if (thread === undefined) return;
    this.#ended.set(thread, detail);
    void this.#terminate(thread);
  }

  /** Threads that were ended because they did not do what they have to, and why. */
  readonly #ended = new Map<Thread, string>();

  #onExit(thread: Thread, exit: ThreadExit): void {
    const { switchboard, hub } = this.#options;
    hub.removeThread(thread.name);
    const kind = exit.reason === 'normal' ? 'shutdown' : exit.reason;
    switchboard.remove(thread, { kind, detail: `its thread ended: ${exit.detail}` });
    this.#options.onBlocked(thread.name, []);
    this.#options.onMark?.(thread.name, undefined);
    const owner = this.#owners.get(thread);
    if (this.#owners.delete(thread)) {
      owner?.onExit(exit);
      return;
    }
    const ended = this.#ended.get(thread);
    this.#ended.delete(thread);
    const ids = [...(this.#actors.get(thread.name) ?? [])];
    this.#actors.delete(thread.name);
    const loaded = this.#modules.get(thread.name) ?? [];
    this.#modules.delete(thread.name);
    if (this.#ending.delete(thread)) return;
    this.#crashed.add(thread.name);
    this.#spare?.preload([...loaded]);
    const reason = exit.reason === 'normal' ? 'normal' : 'crash';
    const detail = ended ?? exit.detail;
    if (detail.startsWith('ERR_WORKER_OUT_OF_MEMORY')) {
      for (const id of ids) this.#options.onHeapExceeded?.(id);
    }
    for (const id of ids) this.#options.onExit({ id, reason, detail });
  }

  async #kill(thread: Thread): Promise<void> {
    this.#ending.add(thread);
    // Actors that share the thread did not ask for this: for them it is a crash.
    if ((this.#actors.get(thread.name)?.size ?? 0) > 0) this.#ending.delete(thread);
    await this.#terminate(thread);
  }

  /** A thread that is stuck in native code does not end: it is named, and left. */
  async #terminate(thread: Thread): Promise<void> {
    try {
      await within(endMs, thread.kill(), `thread ${thread.name} does not end`);
    } catch (error) {
      this.#options.log.error({ err: error, thread: thread.name }, 'a thread is stuck and was left behind');
    }
  }
}
