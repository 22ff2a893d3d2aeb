import { MagFlockError } from '../errors/magflock-error.ts';
import type { AutoShutdown } from './auto-shutdown.ts';
import type { ChildEnd } from './child-life.ts';
import type { ChildRecord, Lane } from './child-record.ts';
import { Intensity, type IntensityOptions } from './intensity.ts';
import { inStartOrder, type Placed, stopInReverse } from './ordered-children.ts';
import { startChild } from './start-child.ts';
import { stopChild } from './stop-child.ts';
import type { Strategy } from './strategy.ts';
import type { SupervisorClock } from './supervisor-clock.ts';
import { wallClock } from './wall-clock.ts';

/** What happened to a child. */
export type CoreEvent =
  | { readonly kind: 'started' | 'restarted'; readonly tookMs: number }
  | { readonly kind: 'failed' | 'quarantined'; readonly reason: string }
  | { readonly kind: 'stopped'; readonly outcome: 'stopped' | 'killed' };

export interface SupervisorCoreOptions<C extends ChildRecord> {
  /** Default `one_for_one`. */
  readonly strategy?: Strategy | undefined;
  readonly intensity?: IntensityOptions | undefined;
  /**
   * What more restarts than the intensity do. `escalate` (default): all children are stopped and `onEnd` hears of a
   * crash. `quarantine`: the child, with those its strategy restarts with it, stays down until `restart`.
   */
  readonly onIntensity?: 'escalate' | 'quarantine' | undefined;
  readonly autoShutdown?: AutoShutdown | undefined;
  readonly clock?: SupervisorClock | undefined;
  /** Children in the order of their start, each with those it must wait for; default one after the other. */
  order?(children: readonly C[]): readonly Placed<C>[];
  /** Throws when a child must not be started now. */
  admit?(child: C): void;
  /** The state of a child has changed. */
  onState?(child: C, reason: string | undefined): void;
  onEvent?(child: C, event: CoreEvent): void;
  /** A first start is over, well or not. */
  onStarted?(child: C, tookMs: number): void;
  /** The supervisor has ended by itself; nothing of it lives. */
  onEnd?(end: ChildEnd): void;
}

/**
 * Supervision as such, over children of any kind: who is started when, who is restarted with whom, and when it is
 * enough. The rules and words are those of OTP's `supervisor`; what is added is backoff, quarantine, budgets for
 * starts, and that a start which hangs holds up nobody else.
 */
export class SupervisorCore<C extends ChildRecord> {
  readonly #options: SupervisorCoreOptions<C>;
  readonly #clock: SupervisorClock;
  readonly #children = new Map<string, C>();
  readonly #intensity: Intensity;
  /** Restarts that touch several children have one lane; those of single children one each. */
  readonly #lane: Lane = { queue: Promise.resolve(), cancelRestart: undefined, turn: 0 };
  /** The first of those that wait for a restart together. */
  #from: C | undefined;
  #ending = false;
  #returning = false;
  /** Why it ended by itself. */
  #end: ChildEnd | undefined;
  /** Counts runs: who awaited something in an earlier one does nothing more. */
  #run = 0;

  constructor(options: SupervisorCoreOptions<C> = {}) {
    this.#options = options;
    this.#clock = options.clock ?? wallClock;
    this.#intensity = new Intensity(options.intensity);
  }

  // --- children

  add(child: C): void {
    this.#children.set(child.policy.id, child);
  }

  /** Stops a child and forgets it. */
  async remove(id: string): Promise<void> {
    const child = this.#children.get(id);
    if (child === undefined) return;
    await this.#stop(child, false);
    this.#children.delete(id);
  }

  /** Knows no more of a child that has ended. */
  forget(id: string): void {
    this.#children.delete(id);
  }

  get(id: string): C | undefined {
    return this.#children.get(id);
  }

  children(): readonly C[] {
    return [...this.#children.values()];
  }

  get size(): number {
    return this.#children.size;
  }

  /** It stops, or has stopped, in order to be started again. */
  get returning(): boolean {
    return this.#returning;
  }

  /** Runs an operation on a child when no start, stop or restart of it does, and keeps these waiting. */
  exclusive<T>(child: C, operation: () => Promise<T>): Promise<T> {
    return exclusive(this.#laneOf(child), operation);
  }

  // --- start and stop

  /**
   * Starts all children in order. An optional one that fails is left out; a required one ends the start: what runs
   * is stopped in reverse, and MF615 names it.
   * @param again the supervisor itself is being restarted
   */
  async startAll(again = false): Promise<void> {
    this.#run += 1;
    this.#ending = false;
    this.#returning = false;
    this.#end = undefined;
    this.#intensity.reset();
    const run = this.#run;
    const start = () => this.#startEach(again);
    const failure = this.#alone ? await start() : await exclusive(this.#lane, start);
    if (failure !== undefined && this.#run === run) await this.stopAll(again);
    if (failure !== undefined) throw failure;
  }

  /** Starts one child that was added later. Throws MF615. */
  async start(id: string): Promise<void> {
    const child = this.#known(id);
    const failure = await this.exclusive(child, () => this.#startFirst(child, false));
    if (failure !== undefined) throw failure;
  }

  /** Takes in a child that somebody else has started, or is starting. */
  adopt(child: C, starting: Promise<void> | undefined): void {
    this.add(child);
    child.incarnation = 1;
    if (starting === undefined) {
      this.#ready(child);
      return;
    }
    child.state = 'starting';
    child.giveUp = () => {};
    const over = () => {
      child.giveUp = undefined;
      return child.state === 'starting';
    };
    starting.then(
      () => void (over() && this.#ready(child)),
      (error: unknown) => void (over() && this.#startFailed(child, error)),
    );
  }

  /**
   * Stops all in reverse order of their start.
   * @param again they will be started anew
   * @returns ids that had to be killed
   */
  async stopAll(again = false): Promise<readonly string[]> {
    this.#run += 1;
    this.#ending = true;
    this.#returning = again;
    return this.#stopEach(again);
  }

  /** Nobody is restarted any more; children are stopped one by one. */
  endRestarts(): void {
    this.#run += 1;
    this.#ending = true;
    for (const lane of [this.#lane, ...this.#children.values()]) {
      lane.cancelRestart?.();
      lane.cancelRestart = undefined;
    }
  }

  /**
   * Stops a child and those its strategy restarts with it, and starts them again, quarantined ones too; their
   * history of failures is forgotten. Throws MF615.
   * @returns the new incarnation
   */
  restart(id: string): Promise<number> {
    const child = this.#known(id);
    const lane = this.#laneOf(child);
    return exclusive(lane, async () => {
      if (this.#ending) return child.incarnation;
      lane.turn += 1;
      const { turn } = lane;
      lane.cancelRestart?.();
      lane.cancelRestart = undefined;
      this.#intensity.reset();
      child.intensity.reset();
      child.backoff.reset();
      child.unrecovered = 0;
      child.failedAt ??= this.#clock.now();
      const first = this.#firstOf(child);
      await this.#takeDown(first, true);
      if (child !== first && child.state !== 'restarting') this.#set(child, 'restarting');
      const failure = await this.#bringBack(first, lane, turn);
      if (failure !== undefined) throw failure;
      return child.incarnation;
    });
  }

  // --- ends

  /** A child has ended by itself. */
  exited(id: string, end: ChildEnd): void {
    const child = this.#children.get(id);
    if (child === undefined) return;
    // While it starts, stops or restarts the one who does that sees it himself.
    if (child.giveUp !== undefined) child.endedEarly = end;
    else if (child.state === 'ready' && !this.#ending) this.#ended(child, end);
  }

  /** Says of children that do not run why: their supervisor is down. */
  mark(state: 'restarting' | 'failed' | 'quarantined' | 'stopped', reason: string): void {
    this.#returning = state === 'restarting';
    for (const child of this.#children.values()) {
      if (child.giveUp !== undefined || child.state === 'ready' || child.state === 'stopping') continue;
      if (state === 'failed') child.lastError ??= reason;
      this.#set(child, state, reason);
    }
  }

  #ended(child: C, { reason, detail, quarantine }: ChildEnd): void {
    const { restart = 'permanent' } = child.policy;
    const lived = this.#clock.now() - (child.readySince ?? this.#clock.now());
    child.readySince = undefined;
    child.lastError = detail;
    if (quarantine === true) {
      this.#event(child, { kind: 'failed', reason: detail });
      this.#quarantine(child, detail);
      return;
    }
    if (restart === 'permanent' || (restart === 'transient' && reason === 'crash')) {
      this.#event(child, { kind: 'failed', reason: detail });
      this.#restartLater(child, lived, detail);
      return;
    }
    if (reason === 'crash') this.#event(child, { kind: 'failed', reason: detail });
    else this.#event(child, { kind: 'stopped', outcome: 'stopped' });
    this.#set(child, reason === 'crash' ? 'failed' : 'stopped', detail);
    this.#shutDownWith(child);
  }

  /** A significant child has ended for good. */
  #shutDownWith(child: C): void {
    const { autoShutdown = 'never' } = this.#options;
    if (autoShutdown === 'never' || child.policy.significant !== true) return;
    const others = this.children().filter(({ policy, state }) => policy.significant && isUp(state));
    if (autoShutdown === 'all_significant' && others.length > 0) return;
    this.#endAll({ reason: 'shutdown', detail: `${child.policy.id}, a significant child, has ended` });
  }

  #restartLater(child: C, lived: number, detail: string): void {
    const now = this.#clock.now();
    child.failedAt ??= now;
    child.unrecovered = child.backoff.recovered(lived) ? 1 : child.unrecovered + 1;
    const shared = this.#options.onIntensity !== 'quarantine' || !this.#alone;
    const tooMany = (shared ? this.#intensity : child.intensity).exceeded(child, now);
    const lane = this.#laneOf(child);
    lane.turn += 1;
    lane.cancelRestart?.();
    lane.cancelRestart = undefined;
    if (tooMany !== undefined) {
      const why = `${tooMany}, last: ${detail}`;
      if (this.#options.onIntensity === 'quarantine') {
        this.#quarantine(child, why);
        return;
      }
      // Whether it comes back is for whoever supervises all of this to say.
      this.#set(child, 'restarting');
      this.#endAll({ reason: 'crash', detail: `${child.policy.id}: ${why}` });
      return;
    }
    this.#set(child, 'restarting');
    const first = this.#firstOf(child);
    const { turn } = lane;
    if (!this.#alone) {
      for (const each of this.#affected(first)) this.#interrupt(each);
      // Whoever has taken over meanwhile takes down what he brings back.
      void exclusive(lane, async () => (lane.turn === turn ? this.#takeDown(first, false) : undefined));
    }
    lane.cancelRestart = this.#clock.after(child.backoff.next(lived), () => {
      lane.cancelRestart = undefined;
      void exclusive(lane, () => this.#bringBack(first, lane, turn));
    });
  }

  /** Where the restart begins: others, before this child, may wait for theirs already. */
  #firstOf(child: C): C {
    if (this.#alone) return child;
    const from = this.#from;
    if (from === undefined || this.#affected(child).includes(from)) this.#from = child;
    return this.#from as C;
  }

  /**
   * Stops, in reverse, those that are restarted with a child.
   * @param itself the child too
   */
  async #takeDown(child: C, itself: boolean): Promise<void> {
    for (const each of this.#affected(child).reverse()) {
      if (this.#ending) return;
      const { restart } = each.policy;
      if (each === child && !itself) continue;
      if (each.state === 'ready' && restart === 'temporary' && each !== child) {
        await this.#stopNow(each, false);
        this.#set(each, 'stopped', `went with ${child.policy.id}`);
      } else if (each.state === 'ready') {
        this.#set(each, 'restarting');
        each.readySince = undefined;
        each.failedAt ??= this.#clock.now();
        each.halting = stopChild(each, this.#clock, true);
        await each.halting;
        each.halting = undefined;
      } else if (each === child || comesAlong(each) || (itself && each.state === 'quarantined')) {
        this.#set(each, 'restarting');
      }
    }
  }

  /** Starts what waits for its restart, in order. @returns why it did not come to its end */
  async #bringBack(child: C, lane: Lane, turn: number): Promise<MagFlockError | undefined> {
    let failure: MagFlockError | undefined;
    for (const each of this.#affected(child)) {
      if (this.#ending || lane.turn !== turn) return failure;
      if (each.state !== 'restarting') continue;
      try {
        await this.#launch(each, true);
      } catch (error) {
        // Else a sibling has failed meanwhile, and this one starts again with it.
        if (!this.#ending && lane.turn === turn) this.#startFailed(each, error);
        failure ??= notStarted(each, error);
        // One that is not tried again does not keep the others.
        if (each.policy.restart !== 'temporary') return failure;
      }
    }
    if (lane.turn === turn) this.#from = undefined;
    return failure;
  }

  /** Gives up a start that is under way: it would be stopped at its end anyway. */
  #interrupt(child: C): void {
    const { giveUp } = child;
    if (giveUp === undefined) return;
    const reason = new MagFlockError('MF601', `${child.policy.id} starts again with a sibling`);
    void stopChild(child, this.#clock, true).then(() => giveUp(reason));
  }

  #startFailed(child: C, error: unknown): void {
    const { message } = MagFlockError.from(error);
    child.lastError = message;
    this.#event(child, { kind: 'failed', reason: message });
    if ((child.policy.restart ?? 'permanent') !== 'temporary') this.#restartLater(child, 0, message);
    else {
      this.#set(child, 'failed', message);
      this.#shutDownWith(child);
    }
  }

  #quarantine(child: C, reason: string): void {
    this.#set(child, 'quarantined', `quarantined, ${reason}`);
    this.#event(child, { kind: 'quarantined', reason });
    if (this.#alone) return;
    const first = this.#firstOf(child);
    this.#from = undefined;
    this.#lane.turn += 1;
    this.#lane.cancelRestart?.();
    this.#lane.cancelRestart = undefined;
    void exclusive(this.#lane, async () => {
      const others = this.#affected(first).filter((each) => each !== child);
      for (const each of others.reverse()) {
        if (this.#ending) return;
        if (each.state === 'ready') await this.#stopNow(each, false);
        else if (each.state !== 'restarting') continue;
        this.#set(each, 'quarantined', `quarantined with ${child.policy.id}, ${reason}`);
      }
    });
  }

  /** Ends by itself: all children first, then whoever supervises it hears of it. */
  #endAll(end: ChildEnd): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#returning = true;
    this.#end = end;
    const run = this.#run;
    void this.#stopEach(true).then(() => {
      if (this.#run === run) this.#options.onEnd?.(end);
    });
  }

  // --- steps

  async #startEach(again: boolean): Promise<MagFlockError | undefined> {
    const starts = new Map<string, Promise<void>>();
    let failure: MagFlockError | undefined;
    for (const { child, after } of inStartOrder(this.children(), this.#options.order)) {
      const before = Promise.all(after.map((id) => starts.get(id)));
      const start = async () => {
        await before;
        if (failure !== undefined || this.#ending) return;
        const first = () => this.#startFirst(child, again);
        const known = await (this.#alone ? exclusive(child, first) : first());
        if (known !== undefined && child.policy.required !== false) failure ??= known;
      };
      starts.set(child.policy.id, start());
    }
    await Promise.all(starts.values());
    return failure ?? (this.#end === undefined ? undefined : new MagFlockError('MF615', this.#end.detail));
  }

  /** @returns why it did not start */
  async #startFirst(child: C, again: boolean): Promise<MagFlockError | undefined> {
    const since = this.#clock.now();
    let failure: MagFlockError | undefined;
    // A restart by hand came first.
    if (child.state === 'ready') return undefined;
    child.failedAt = undefined;
    child.unrecovered = 0;
    child.intensity.reset();
    child.backoff.reset();
    try {
      if (!again) this.#options.admit?.(child);
      await this.#launch(child, again);
    } catch (error) {
      const cause = MagFlockError.from(error);
      child.lastError = cause.message;
      this.#set(child, 'failed', cause.message);
      this.#event(child, { kind: 'failed', reason: cause.message });
      failure = notStarted(child, cause);
    }
    if (!again) this.#options.onStarted?.(child, this.#clock.now() - since);
    return failure;
  }

  /** @returns false when it was stopped meanwhile */
  async #launch(child: C, again: boolean): Promise<boolean> {
    // What was decided before a stop must not begin after it.
    if (this.#ending || child.stopping !== undefined || this.get(child.policy.id) !== child) return false;
    const since = child.failedAt ?? this.#clock.now();
    child.incarnation += 1;
    const state = again ? 'restarting' : 'starting';
    this.#set(child, state);
    try {
      await startChild(child, this.#clock, again);
    } catch (error) {
      child.giveUp = undefined;
      if (child.state !== state) return false;
      throw error;
    }
    child.giveUp = undefined;
    // Somebody else has set it: it is to stop.
    if (child.state !== state) return false;
    const tookMs = this.#clock.now() - since;
    if (again) child.restarts += 1;
    this.#ready(child, { kind: again ? 'restarted' : 'started', tookMs });
    return true;
  }

  #ready(child: C, event?: CoreEvent): void {
    const now = this.#clock.now();
    if (child.failedAt !== undefined) child.downMs += now - child.failedAt;
    child.failedAt = undefined;
    child.readySince = now;
    child.startedAt = new Date().toISOString();
    this.#set(child, 'ready');
    if (event !== undefined) this.#event(child, event);
    const early = child.endedEarly;
    child.endedEarly = undefined;
    if (early !== undefined) this.exited(child.policy.id, early);
  }

  async #stopEach(again: boolean): Promise<readonly string[]> {
    this.#from = undefined;
    this.#lane.cancelRestart?.();
    this.#lane.cancelRestart = undefined;
    const killed: string[] = [];
    const living = this.children().filter(({ state }) => state !== 'stopped');
    const placed = inStartOrder(living, this.#options.order);
    await stopInReverse(placed, async (child) => {
      if ((await this.#stop(child, again)) === 'killed') killed.push(child.policy.id);
    });
    await this.#lane.queue;
    return killed;
  }

  /** Stops a child for good; who asks while it is being stopped waits for the same end. */
  #stop(child: C, again: boolean): Promise<'stopped' | 'killed'> {
    child.stopping ??= this.#stopOnce(child, again).finally(() => {
      child.stopping = undefined;
    });
    return child.stopping;
  }

  async #stopOnce(child: C, again: boolean): Promise<'stopped' | 'killed'> {
    child.cancelRestart?.();
    child.cancelRestart = undefined;
    // Not behind the lane: a start that hangs must not hold the stop.
    const outcome = await this.#stopNow(child, again);
    await child.halting;
    await child.queue;
    child.readySince = undefined;
    child.failedAt = undefined;
    this.#set(child, 'stopped', 'stopped');
    return outcome;
  }

  async #stopNow(child: C, again: boolean): Promise<'stopped' | 'killed'> {
    if (child.state !== 'ready' && child.giveUp === undefined) return 'stopped';
    this.#set(child, 'stopping');
    child.readySince = undefined;
    const outcome = await stopChild(child, this.#clock, again);
    child.giveUp?.(new MagFlockError('MF601', `${child.policy.id} was stopped while it started`));
    this.#event(child, { kind: 'stopped', outcome });
    return outcome;
  }

  // --- helpers

  /** Does a restart touch one child only? */
  get #alone(): boolean {
    return (this.#options.strategy ?? 'one_for_one') === 'one_for_one';
  }

  /** Those that are restarted when this child fails, in the order of their start. */
  #affected(child: C): C[] {
    if (this.#alone) return [child];
    const ordered = inStartOrder(this.children(), this.#options.order).map((placed) => placed.child);
    return this.#options.strategy === 'rest_for_one' ? ordered.slice(ordered.indexOf(child)) : ordered;
  }

  #laneOf(child: C): Lane {
    return this.#alone ? child : this.#lane;
  }

  #known(id: string): C {
    const child = this.#children.get(id);
    if (child === undefined) throw new MagFlockError('MF604', `there is no child ${id}`);
    return child;
  }

  #set(child: C, state: ChildRecord['state'], reason?: string): void {
    child.state = state;
    this.#options.onState?.(child, reason);
  }

  #event(child: C, event: CoreEvent): void {
    this.#options.onEvent?.(child, event);
  }
}

function exclusive<T>(lane: Lane, operation: () => Promise<T>): Promise<T> {
  const result = lane.queue.then(operation);
  lane.queue = result.then(
    () => {},
    () => {},
  );
  return result;
}

function isUp(state: ChildRecord['state']): boolean {
  return state === 'ready' || state === 'starting' || state === 'restarting';
}

/** One that does not run is started with its siblings, as in OTP, unless it was left out or is kept down. */
function comesAlong({ policy, state, incarnation }: ChildRecord): boolean {
  return state === 'stopped' && policy.restart !== 'temporary' && incarnation > 0;
}

function notStarted(child: ChildRecord, error: unknown): MagFlockError {
  const cause = MagFlockError.from(error);
  const { id } = child.policy;
  return new MagFlockError('MF615', `${id} did not start: ${cause.message}`, {
    cause,
    fix: cause.fix,
    details: { part: id },
  });
}
