import type { Settings } from '../../config/settings.ts';
import type { DeadLetter } from '../bus/dead-letter.ts';
import type { EventHub } from '../bus/event-hub.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import { childBudget } from '../supervision/child-budget.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ChildExit, Placement, StartedChild } from './placement.ts';
import type { Route } from './route.ts';
import type { Switchboard } from './switchboard.ts';
import { Thread, type ThreadExit } from './thread.ts';
import type { FromThread } from './thread-control.ts';
import { within } from './within.ts';

export interface ThreadPlacementOptions {
  readonly settings: Settings;
  readonly version: string;
  readonly logFile: string | null;
  readonly log: Logger;
  readonly switchboard: Switchboard;
  readonly hub: EventHub;
  routes(): readonly Route[];
  onExit(exit: ChildExit): void;
  onDeadLetter(letter: DeadLetter): void;
}

/** Time a thread gets to end after its actors have stopped, and a killed one to be gone. */
const endMs = 2_000;

/** Actors in worker threads. A thread starts with its first actor and ends with its last. */
export class ThreadPlacement implements Placement {
  readonly #options: ThreadPlacementOptions;
  /** Ids of the actors that live in each thread now. */
  readonly #actors = new Map<string, Set<string>>();
  readonly #incarnations = new Map<string, number>();
  readonly #ending = new Set<Thread>();

  constructor(options: ThreadPlacementOptions) {
    this.#options = options;
  }

  threadOf(spec: ChildSpec): string {
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
    const order = { name: spec.id, incarnation, module: spec.module.href, args: spec.args, replicas };
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

  /** Ends threads that were prepared for children that never started. */
  async endIdle(): Promise<void> {
    const idle = this.#options.switchboard
      .threads()
      .filter((thread) => (this.#actors.get(thread.name)?.size ?? 0) === 0 && !this.#ending.has(thread));
    await Promise.all(idle.map((thread) => this.#kill(thread)));
  }

  /** Ends every thread without asking it, and without starting it again. */
  async killAll(): Promise<void> {
    const threads = this.#options.switchboard.threads();
    for (const thread of threads) this.#ending.add(thread);
    await Promise.all(threads.map((thread) => this.#terminate(thread)));
  }

  async synchronise(spec: ChildSpec, threads: readonly string[]): Promise<void> {
    await this.#thread(spec).order('synchronise', { name: spec.id, threads }, childBudget(spec).startMs);
  }

  async open(spec: ChildSpec): Promise<void> {
    await this.#thread(spec).order('open', { name: spec.id }, childBudget(spec).startMs);
  }

  async stop(spec: ChildSpec): Promise<'stopped' | 'killed'> {
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

  #spawn(name: string, spec: ChildSpec): Thread {
    const { settings, version, logFile, switchboard, hub } = this.#options;
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    const routes = this.#options.routes();
    const thread: Thread = new Thread({
      birth: { thread: name, incarnation, version, settings, logFile, routes },
      heapMegabytes: spec.placement.kind === 'thread' ? spec.placement.heapMegabytes : undefined,
      onMessage: (message) => this.#onMessage(thread, message),
      onExit: (exit) => this.#onExit(thread, exit),
    });
    hub.addThread(name, (batch) => thread.send({ kind: 'events', batch }));
    switchboard.add(thread);
    return thread;
  }

  #onMessage(thread: Thread, message: Exclude<FromThread, { kind: 'done' | 'failed' }>): void {
    const { switchboard, hub, log } = this.#options;
    switch (message.kind) {
      case 'connect':
        switchboard.connect(thread.name, message.thread);
        break;
      case 'events':
        hub.emit(message.batch);
        break;
      case 'interested':
        hub.interest(thread.name, message.name, message.interested);
        break;
      case 'dead-letter':
        this.#options.onDeadLetter(message.letter);
        break;
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
    this.#late.set(thread, owner);
    void this.#terminate(thread);
  }

  readonly #late = new Map<Thread, string>();

  #onExit(thread: Thread, exit: ThreadExit): void {
    const { switchboard, hub } = this.#options;
    hub.removeThread(thread.name);
    switchboard.remove(thread);
    const late = this.#late.get(thread);
    this.#late.delete(thread);
    const ids = [...(this.#actors.get(thread.name) ?? [])];
    this.#actors.delete(thread.name);
    if (this.#ending.delete(thread)) return;
    const reason = exit.reason === 'normal' ? 'normal' : 'crash';
    const detail = late === undefined ? exit.detail : `its replica of ${late} did not acknowledge in time`;
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
