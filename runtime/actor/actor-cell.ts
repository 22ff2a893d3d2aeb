import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ActorContext } from './actor-context.ts';
import type { ActorTimers } from './actor-timers.ts';
import { type Handler, runAsynchronous, runSynchronous } from './current-call.ts';
import type { ActorDefinition } from './define-actor.ts';
import { type Job, Mailbox } from './mailbox.ts';
import type { Message } from './message.ts';
import { WaitRoom } from './wait-room.ts';

/** Any actor, as the runtime handles it. */
export type AnyActor = ActorDefinition<unknown, Record<string, (payload: unknown) => unknown>, unknown>;

/** What an incarnation needs from the thread it runs in. */
export interface Incarnation {
  readonly definition: AnyActor;
  readonly context: ActorContext;
  readonly timers: ActorTimers;
  readonly stopping: AbortController;
  readonly log: Logger;
}

interface Method {
  readonly run: Handler;
  /** Has it ever answered with a promise? Then its calls need asynchronous storage. */
  awaits: boolean;
}

/** Messages run in one turn of the event loop before others get theirs. */
const quantum = 1024;
const asyncFunction = Object.getPrototypeOf(async () => {}).constructor as () => void;

export type CellPhase = 'waiting' | 'starting' | 'started' | 'ready' | 'draining' | 'closed';

/**
 * The place of one actor in a thread: its mailbox, and its incarnation while it has one.
 *
 * - `waiting`: no incarnation; messages wait
 * - `starting`: `init` and `start` run; messages wait
 * - `started`: the replicas are brought up to date; messages wait, jobs of the runtime run
 * - `ready`: messages run
 * - `draining`: what waited when stop was asked is still run
 * - `closed`: will not come back; messages are refused
 */
export class ActorCell {
  readonly name: string;
  readonly mailbox = new Mailbox();
  readonly waitRoom = new WaitRoom();
  #phase: CellPhase = 'waiting';
  #incarnation: Incarnation | undefined;
  #state: unknown;
  #methods = new Map<string, Method>();
  #concurrency = 1;
  #running = 0;
  #left = 0;
  #pumping = false;
  #scheduled = false;
  #drained: (() => void) | undefined;
  /** Messages run and failed since the thread started. */
  handled = 0;
  failed = 0;

  readonly #lost: (message: Message, error: MagFlockError) => void;

  /** @param lost told of each tell that failed or found no room: nobody else would know */
  constructor(name: string, lost: (message: Message, error: MagFlockError) => void) {
    this.name = name;
    this.#lost = lost;
  }

  get phase(): CellPhase {
    return this.#phase;
  }

  get running(): number {
    return this.#running;
  }

  get definition(): AnyActor | undefined {
    return this.#incarnation?.definition;
  }

  get state(): unknown {
    return this.#state;
  }

  /** Runs `init` and `start`. Messages still wait afterwards, until `open`. */
  async start(incarnation: Incarnation, args: unknown): Promise<void> {
    this.#incarnation = incarnation;
    this.#phase = 'starting';
    const { definition, context } = incarnation;
    this.#concurrency = definition.concurrency ?? 1;
    this.mailbox.configure(definition.mailbox);
    this.#methods = new Map(
      Object.entries(definition.methods).map(([name, run]) => [
        name,
        { run: run as unknown as Handler, awaits: run instanceof asyncFunction },
      ]),
    );
    this.#state = await definition.init(context, args);
    await definition.start?.(this.#state);
    this.#phase = 'started';
    this.#pump();
  }

  /** Lets messages run. */
  open(): void {
    this.#phase = 'ready';
    this.#pump();
  }

  /**
   * Runs what waits, lets running messages end, then calls `stop`. What comes later waits for the next
   * incarnation. The caller keeps the budget.
   */
  async stop(): Promise<void> {
    const incarnation = this.#incarnation;
    if (incarnation === undefined) return;
    const wasReady = this.#phase === 'ready' || this.#phase === 'started';
    this.#phase = 'draining';
    this.#left = wasReady ? this.mailbox.length : 0;
    incarnation.stopping.abort();
    if (wasReady) {
      const drained = new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
      this.#pump();
      await drained;
    }
    incarnation.timers.close();
    try {
      if (wasReady) await incarnation.definition.stop?.(this.#state);
    } finally {
      this.abandon();
    }
  }

  /** Ends the incarnation without asking it, after a failed start or an exhausted budget. */
  abandon(): void {
    this.#incarnation?.stopping.abort();
    this.#incarnation?.timers.close();
    this.#incarnation = undefined;
    this.#state = undefined;
    this.#phase = 'waiting';
  }

  /** No incarnation will follow: what waits and what comes is refused. */
  close(reason: MagFlockError): void {
    this.#phase = 'closed';
    for (const message of [...this.mailbox.clear(), ...this.waitRoom.clear()]) this.#fail(message, reason);
  }

  /** Closed cells take messages again. */
  reopen(): void {
    if (this.#phase === 'closed') this.#phase = 'waiting';
  }

  /** A message arrived from a port: runs at once when the actor is idle, since nothing is above on the stack. */
  receive(message: Message): void {
    if (
      this.#phase === 'ready' &&
      this.#running < this.#concurrency &&
      !this.#pumping &&
      this.mailbox.length === 0 &&
      this.mailbox.jobs === 0
    ) {
      this.#pumping = true;
      this.#run(message);
      this.#pumping = false;
      if (this.mailbox.length > 0 || this.mailbox.jobs > 0) this.#pump();
      return;
    }
    this.#offer(message);
  }

  /** A message of an actor in the same thread: runs in a later turn, never inside its sender. */
  enqueue(message: Message): void {
    const { mailbox, waitRoom } = this;
    if (this.waits && !waitRoom.hasRoom(mailbox.limit, mailbox.length)) {
      if (waitRoom.hold(message)) return;
      this.#fail(message, new MagFlockError('MF603', `too many messages wait for ${this.name}`));
    } else if (this.#offer(message)) this.#schedule();
  }

  /** Does this mailbox make its senders wait? */
  get waits(): boolean {
    return this.mailbox.overflow === 'wait';
  }

  /** First credits of a sending thread. */
  grant(): number {
    return this.waitRoom.grant(this.mailbox.limit);
  }

  /** Work of the runtime; runs between messages, before those that wait. */
  enqueueJob(job: Job): void {
    this.mailbox.addJob(job);
    this.#schedule();
  }

  /** Runs `work` while no message runs (for `concurrency` > 1: in one of its places). */
  exclusive<T>(work: (state: unknown) => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.enqueueJob(async () => {
        try {
          resolve(await work(this.#state));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Nobody waits for it any more: a waiting message is not run, a running one is told. */
  cancel(message: Message): void {
    message.cancel();
    if (!message.queued) return;
    this.mailbox.discard(message);
    message.source.release(message.slot);
  }

  async healthCheck(): Promise<Health> {
    const check = this.#incarnation?.definition.healthCheck;
    if (check !== undefined) return check(this.#state);
    return this.#phase === 'ready'
      ? { status: 'ok', summary: 'answers' }
      : { status: 'failed', summary: `is ${this.#phase}` };
  }

  capabilities(): readonly string[] {
    return this.#incarnation?.definition.getCapabilities?.(this.#state) ?? [];
  }

  #offer(message: Message): boolean {
    if (this.#phase === 'closed') {
      this.#fail(message, new MagFlockError('MF607', `${this.name} is not available`));
      return false;
    }
    const gone = this.mailbox.offer(message);
    for (const each of gone) {
      const { limit, overflow } = this.mailbox;
      const error = new MagFlockError('MF603', `the mailbox of ${this.name} is full (${limit} messages)`, {
        details: { part: this.name, limit, overflow },
      });
      this.#fail(each, error);
    }
    return gone[0] !== message;
  }

  #admit(): void {
    for (;;) {
      const message = this.waitRoom.next(this.mailbox.limit, this.mailbox.length);
      if (message === undefined) return;
      this.#offer(message);
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#pumping) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    let turns = 0;
    while (this.#running < this.#concurrency) {
      if (turns++ === quantum) {
        setImmediate(() => this.#pump());
        break;
      }
      // Timers of `init` fire into a cell that is not ready yet; they wait like messages.
      const job = this.#runsJobs() ? this.mailbox.takeJob() : undefined;
      if (job !== undefined) {
        this.#runJob(job);
        continue;
      }
      const open = this.#phase === 'ready' || (this.#phase === 'draining' && this.#left-- > 0);
      const message = open ? this.mailbox.takeMessage() : undefined;
      if (this.waitRoom.length > 0) this.#admit();
      if (message === undefined) break;
      this.#run(message);
    }
    this.#pumping = false;
    if (this.#phase === 'draining' && this.#running === 0 && (this.#left <= 0 || this.mailbox.length === 0)) {
      this.#drained?.();
      this.#drained = undefined;
    }
  }

  #runsJobs(): boolean {
    return this.#phase === 'ready' || this.#phase === 'started' || this.#phase === 'draining';
  }

  #runJob(job: Job): void {
    this.#running += 1;
    try {
      const result = job();
      if (result instanceof Promise) {
        result.then(
          () => this.#jobEnded(undefined),
          (error: unknown) => this.#jobEnded(error),
        );
        return;
      }
      this.#running -= 1;
    } catch (error) {
      this.#running -= 1;
      this.#logFailure('timer', error);
    }
  }

  #jobEnded(error: unknown): void {
    this.#running -= 1;
    if (error !== undefined) this.#logFailure('timer', error);
    this.#pump();
  }

  #run(message: Message): void {
    const { source, slot } = message;
    if (message.cancelled || (message.asked && message.deadline <= Date.now())) {
      source.release(slot);
      return;
    }
    source.started(slot);
    const method = this.#methods.get(message.method);
    if (method === undefined) {
      message.finish();
      this.#fail(message, new MagFlockError('MF605', `${this.name} has no method ${message.method}`));
      return;
    }
    this.#running += 1;
    let result: unknown;
    try {
      result = method.awaits
        ? runAsynchronous(message, method.run, this.#state)
        : runSynchronous(message, method.run, this.#state);
    } catch (error) {
      this.#settle(message, undefined, error, true);
      return;
    }
    if (result instanceof Promise) {
      method.awaits = true;
      result.then(
        (value: unknown) => {
          this.#settle(message, value, undefined, false);
          this.#pump();
        },
        (error: unknown) => {
          this.#settle(message, undefined, error, true);
          this.#pump();
        },
      );
      return;
    }
    this.#settle(message, result, undefined, false);
  }

  #settle(message: Message, value: unknown, error: unknown, failed: boolean): void {
    this.#running -= 1;
    this.handled += 1;
    message.finish();
    if (!failed) {
      message.source.reply(message.slot, value);
      return;
    }
    this.failed += 1;
    const known = MagFlockError.from(error);
    if (known.code === 'MF699') this.#logFailure(message.method, error);
    this.#fail(message, known);
  }

  #fail(message: Message, error: MagFlockError): void {
    message.source.fail(message.slot, error);
    if (!message.asked) this.#lost(message, error);
  }

  #logFailure(where: string, error: unknown): void {
    this.#incarnation?.log.error({ err: error, method: where }, `${this.name}.${where} failed`);
  }
}
