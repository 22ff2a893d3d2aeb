import type { MagFlockError } from '../errors/magflock-error.ts';
import { journalled } from '../persistence/journalled.ts';
import { abandonChildren } from './abandon-children.ts';
import type { ActorCell } from './actor-cell.ts';
import type { ActorContext } from './actor-context.ts';
import type { AnyActor } from './any-actor.ts';
import { Behaviour, type MethodTable } from './behaviour.ts';
import { CellBase } from './cell-base.ts';
import type { CellPhase } from './cell-phase.ts';
import { endCell } from './end-cell.ts';
import { giveUp } from './give-up.ts';
import { Mailbox } from './mailbox.ts';
import type { Message } from './message.ts';
import { type RunningCalls, runningCalls } from './running-calls.ts';
import type { EndReason } from './terminated.ts';
import { threadMark } from './thread-mark.ts';

const noMethods: MethodTable = new Map();
/** A hot swap, a quota that lets it run slower, an operator. */
const hold = { swap: 1, rest: 2, operator: 4 } as const;
/** Milliseconds in which an incarnation that asked for its end must have ended. */
const endMs = 5_000;

/**
 * The lives of one actor in its place: start, stop, suspension, end. What it runs between them is in `ActorCell`,
 * the only one that extends this.
 */
export abstract class CellLife extends CellBase<ActorCell> {
  protected stage: CellPhase = 'waiting';
  protected behaviour: Behaviour | undefined;
  /** The methods that are in place. */
  protected table: MethodTable = noMethods;
  protected current: unknown;
  protected box: Mailbox | undefined;
  protected active = 0;
  /** Those of what runs that await something. */
  protected awaiting: RunningCalls;
  /** Messages that a stop still lets run. */
  protected left = 0;
  protected turning = false;
  /** Why no message starts: bits of `hold`. */
  protected holds = 0;

  /** Asks for a turn when there is something to run. */
  protected abstract wake(): void;
  protected abstract refuse(message: Message, error: MagFlockError): void;
  abstract unstash(): void;

  get #cell(): ActorCell {
    return this as unknown as ActorCell;
  }

  get phase(): CellPhase {
    return this.stage;
  }

  /** Messages that wait, and their estimated bytes. */
  get waiting(): number {
    return this.box?.length ?? 0;
  }

  get waitingBytes(): number {
    return this.box?.bytes ?? 0;
  }

  get running(): number {
    return this.active;
  }

  /** What runs and awaits something: messages, and timers as calls that nobody asked for. */
  get calls(): readonly Message[] {
    return runningCalls.all(this.awaiting);
  }

  /** Runs as much as it may, all of it awaiting something. */
  get isFull(): boolean {
    const { length } = this.calls;
    return length === this.active && length >= (this.behaviour?.concurrency ?? 1);
  }

  get suspended(): boolean {
    return (this.holds & hold.swap) !== 0;
  }

  get definition(): AnyActor | undefined {
    return this.behaviour?.definition;
  }

  get state(): unknown {
    return this.current;
  }

  get mailbox(): Mailbox {
    if (this.box === undefined) {
      const spare = this.parent === undefined ? undefined : this.host.spareMailboxes.pop();
      this.box = spare ?? new Mailbox();
      this.box.configure(this.behaviour?.definition.mailbox);
    }
    return this.box;
  }

  // --- life

  /**
   * Begins an incarnation: `init` and `start`, at once when neither awaits. Messages still wait afterwards, until
   * `open`.
   * @param make `init`, or what stands for it when a state is taken over
   */
  start(
    definition: AnyActor,
    context: ActorContext,
    args: unknown,
    make: AnyActor['init'] = definition.init,
  ): void | Promise<void> {
    this.incarnation = context.incarnation;
    this.behaviour = Behaviour.of(definition);
    this.table = this.behaviour.methods;
    this.box?.configure(definition.mailbox);
    this.stage = 'starting';
    // What the journal has is newer than any state that is handed over.
    const init = definition.journal === undefined ? make : journalled(this.#cell, definition);
    const state = threadMark.run(this.#cell, 'init', () => init.call(definition, context, args));
    if (state instanceof Promise) return this.#startLater(state, definition);
    this.current = state;
    const started = threadMark.run(this.#cell, 'start', () => definition.start?.(state));
    if (started instanceof Promise) return this.#startLater(undefined, definition, started);
    this.#started();
  }

  async #startLater(
    making: Promise<unknown> | undefined,
    definition: AnyActor,
    starting?: Promise<void>,
  ): Promise<void> {
    const life = this.life;
    if (making !== undefined) {
      const state = await making;
      // It was given up meanwhile, and another incarnation may be on its way.
      if (life !== this.life) return;
      this.current = state;
    }
    await (making === undefined ? starting : definition.start?.(this.current));
    if (life === this.life) this.#started();
  }

  #started(): void {
    if (this.stage !== 'starting') return;
    this.stage = 'started';
    for (const started of this.hasExtras?.startings.splice(0) ?? []) started();
    if (this.hasExtras?.ending !== undefined) this.exit(this.hasExtras.ending);
    else this.wake();
  }

  /** Changes when an incarnation is given up, whose code may go on. */
  protected get life(): number {
    return this.hasExtras?.abandoned ?? 0;
  }

  /** Lets messages run. */
  open(): void {
    if (this.stage !== 'started') return;
    this.stage = 'ready';
    this.wake();
  }

  /**
   * Runs what waits, lets running messages end, then calls `stop`. What comes later waits for the next
   * incarnation. The caller keeps the budget. One that ends already is waited for.
   */
  async stop(reason: EndReason = { kind: 'shutdown', detail: 'stopped by its supervisor' }): Promise<void> {
    if (this.stage === 'starting') await new Promise<void>((go) => this.extras.startings.push(go));
    if (this.stage === 'moved') return endCell(this.#cell, reason, false);
    if (this.stage === 'draining' || this.stage === 'ending') {
      await new Promise<void>((ended) => this.extras.ends.push(ended));
      return;
    }
    if (this.behaviour === undefined || this.stage === 'waiting' || this.stage === 'closed') return;
    this.stage = 'draining';
    this.left = this.box?.length ?? 0;
    this.holds = 0;
    const life = this.life;
    this.hasExtras?.tenancy?.stopping();
    if (this.active > 0 || this.left > 0 || (this.box?.jobs ?? 0) > 0) {
      const drained = new Promise<void>((resolve) => {
        this.extras.drained = resolve;
      });
      this.wake();
      await drained;
    }
    if (life === this.life) await endCell(this.#cell, reason, true);
  }

  /** Ends the incarnation after the messages that run. Nothing else is run before its end. */
  exit(reason: EndReason): void {
    if (this.stage !== 'ready' && this.stage !== 'started' && this.stage !== 'starting') return;
    this.extras.ending ??= reason;
    // One that asks for its end in `init` ends when it has started.
    if (this.stage === 'starting') return;
    this.stage = 'ending';
    if (this.turning) return;
    if (this.active === 0) this.endNow();
    else this.limitEnd();
  }

  /** Forces the end that was asked for when it does not come. */
  protected limitEnd(): void {
    const { extras, life } = this;
    if (extras.endTimer !== undefined) return;
    const reason = extras.ending as EndReason;
    extras.endTimer = setTimeout(() => {
      if (life !== this.life) return;
      this.abandon();
      this.host.ended(this.#cell, this.incarnation, reason, true);
    }, endMs);
    extras.endTimer.unref();
  }

  /** Ends the incarnation without asking it, after a failed start or an exhausted budget. */
  abandon(): void {
    this.extras.abandoned += 1;
    this.hasExtras?.tenancy?.stopping();
    abandonChildren(this.#cell);
    this.#giveUpCalls();
    this.vacate();
  }

  /** What runs cannot be stopped, but nobody waits for it any more and it takes no place of the next incarnation. */
  #giveUpCalls(): void {
    const calls = runningCalls.all(this.awaiting);
    this.awaiting = undefined;
    this.active = this.turning ? this.active - calls.length : 0;
    giveUp(this.#cell, calls);
  }

  /** The incarnation is over; messages wait for the next. */
  vacate(): void {
    this.table = noMethods;
    this.current = undefined;
    this.holds = 0;
    if (this.stage !== 'moved') this.stage = this.hasExtras?.closed === undefined ? 'waiting' : 'closed';
    const extras = this.hasExtras;
    if (extras === undefined) return;
    extras.tenancy?.close();
    extras.tenancy = undefined;
    extras.ending = undefined;
    if (extras.endTimer !== undefined) clearTimeout(extras.endTimer);
    extras.endTimer = undefined;
    extras.gate = undefined;
    extras.heldTimers.length = 0;
    this.unstash();
    extras.drained?.();
    extras.drained = undefined;
    for (const waiting of [extras.startings, extras.ends, extras.quiet]) {
      if (waiting.length > 0) for (const over of waiting.splice(0)) over();
    }
  }

  /** No incarnation will follow: what waits and what comes is refused. */
  close(refusal: () => MagFlockError): void {
    this.extras.closed = refusal;
    // What is on its way to its end comes there.
    if (this.stage !== 'draining' && this.stage !== 'ending') this.stage = 'closed';
    const waiting = this.box?.clear() ?? [];
    const held = this.extras.held === 0 ? [] : this.waitRoom.clear();
    for (const message of [...waiting, ...held]) this.refuse(message, refusal());
  }

  /** Closed and moved cells take messages again. */
  reopen(): void {
    if (this.hasExtras !== undefined) this.hasExtras.closed = undefined;
    if (this.stage === 'closed' || this.stage === 'moved') this.stage = 'waiting';
  }

  // --- suspension

  /** No further message starts. Resolves when those that run have ended. Jobs of the runtime go on, timers wait. */
  suspend(): Promise<void> {
    this.holds |= hold.swap;
    if (this.active === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.extras.quiet.push(resolve);
    });
  }

  resume(): void {
    this.#letGo(hold.swap);
  }

  /** An operator wants no further message of it to start, until `release` or the end of the incarnation. */
  hold(): void {
    this.holds |= hold.operator;
  }

  release(): void {
    this.#letGo(hold.operator);
  }

  get held(): boolean {
    return (this.holds & hold.operator) !== 0;
  }

  /** No further message starts for so long; timers do. */
  rest(milliseconds: number): void {
    if ((this.holds & hold.rest) !== 0) return;
    this.holds |= hold.rest;
    setTimeout(() => this.#letGo(hold.rest), milliseconds).unref();
  }

  /** One that only runs slower goes on with its timers. */
  protected get holdsTimers(): boolean {
    return (this.holds & ~hold.rest) !== 0;
  }

  #letGo(bit: number): void {
    this.holds &= ~bit;
    if (!this.holdsTimers) {
      for (const job of this.hasExtras?.heldTimers.splice(0) ?? []) this.mailbox.addJob(job);
    }
    this.wake();
  }

  /** Puts the next version in the place of a suspended one; messages wait until `resume`. */
  take(definition: AnyActor, state: unknown, incarnation: number): void {
    this.incarnation = incarnation;
    this.behaviour = Behaviour.of(definition);
    this.table = this.behaviour.methods;
    this.box?.configure(definition.mailbox);
    this.current = state;
    this.hasExtras?.gate?.follow(definition);
  }

  /**
   * Its actor goes on in another thread. Nothing here is started any more, and what arrives is ignored: each
   * sender takes back what was not started.
   * @returns what waits here, in order; messages of this thread must be sent on by the caller
   */
  moved(): readonly Message[] {
    this.stage = 'moved';
    return [...(this.box?.clear() ?? []), ...this.waitRoom.clear()];
  }

  protected endNow(): void {
    const reason = this.hasExtras?.ending as EndReason;
    // Once: what ends later finds the phase of the cell.
    this.stage = 'draining';
    this.left = 0;
    this.hasExtras?.tenancy?.stopping();
    endCell(this.#cell, reason, true).catch((error: unknown) => this.host.failed(this.#cell, 'stop', error));
    // Most have nothing to wait for and are over now.
    if (this.stage === 'draining' && this.hasExtras?.ending !== undefined) this.limitEnd();
  }

  /** @returns false when the definition has no such behaviour */
  become(name: string | undefined): boolean {
    const methods = name === undefined ? this.behaviour?.methods : this.behaviour?.named(name);
    if (methods !== undefined) this.table = methods;
    return methods !== undefined;
  }
}
