import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildExit, Placement } from '../placement/placement.ts';
import type { Route } from '../placement/route.ts';
import type { Logger } from '../telemetry/logger.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import type { ChildSpec } from './child-spec.ts';
import { Intensity, type IntensityOptions } from './intensity.ts';
import { startOrder } from './start-order.ts';
import type { SupervisedChild } from './supervised-child.ts';
import { validateChildSpec } from './validate-child-spec.ts';

/** What happened to a child; the motherboard announces it. */
export type SupervisionEvent =
  | { readonly kind: 'started'; readonly id: string; readonly incarnation: number; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly id: string; readonly incarnation: number; readonly reason: string }
  | { readonly kind: 'restarted'; readonly id: string; readonly incarnation: number; readonly tookMs: number }
  | { readonly kind: 'quarantined'; readonly id: string; readonly reason: string }
  | { readonly kind: 'stopped'; readonly id: string; readonly outcome: 'stopped' | 'killed' };

/** Time as a supervisor sees it; tests bring their own. */
export interface SupervisorClock {
  now(): number;
  /** @returns a function that cancels */
  after(milliseconds: number, callback: () => void): () => void;
}

export interface SupervisorOptions {
  readonly log: Logger;
  readonly intensity?: IntensityOptions;
  readonly backoff?: BackoffOptions;
  readonly clock?: SupervisorClock;
  placement(spec: ChildSpec): Placement;
  /** Makes known where a child is and whether it may be sent to. */
  announce(route: Route): void;
  onEvent(event: SupervisionEvent): void;
}

const wallClock: SupervisorClock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Starts children in order of what they require, restarts the one that ends (`one_for_one`), and stops them in
 * reverse. A child that fails more often than its intensity allows is quarantined: it stays down, its callers
 * get MF607, the rest goes on, and `restart` releases it.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #clock: SupervisorClock;
  readonly #children = new Map<string, SupervisedChild>();
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? wallClock;
  }

  /** Registers a child; it is started by `startAll` or `start`. Throws MF608. */
  add(spec: ChildSpec): void {
    validateChildSpec(spec);
    if (this.#children.has(spec.id)) {
      throw new MagFlockError('MF608', `${spec.id}.id is registered already`, {
        details: { part: spec.id, field: 'id' },
      });
    }
    const child: SupervisedChild = {
      spec,
      backoff: new Backoff(this.#options.backoff),
      intensity: new Intensity(this.#options.intensity),
      state: 'stopped',
      incarnation: 0,
      restarts: 0,
      readySince: undefined,
      startedAt: undefined,
      lastError: undefined,
      failedAt: undefined,
      waits: false,
      restartTimer: undefined,
      queue: Promise.resolve(),
    };
    this.#children.set(spec.id, child);
    this.#announce(child, 'pending');
  }

  /** Takes a child out; it is stopped first. Throws MF608 when another one requires it. */
  async remove(id: string): Promise<void> {
    const child = this.child(id);
    const dependant = this.#dependants(id)[0];
    if (dependant !== undefined) {
      throw new MagFlockError('MF608', `${id} is required by ${dependant.spec.id}`);
    }
    await this.#stop(child);
    this.#children.delete(id);
  }

  child(id: string): SupervisedChild {
    const child = this.#children.get(id);
    if (child === undefined) {
      const known = [...this.#children.keys()].join(', ');
      throw new MagFlockError('MF604', `no part is called ${id}; there are ${known}`, {
        details: { part: id },
      });
    }
    return child;
  }

  children(): readonly SupervisedChild[] {
    return [...this.#children.values()];
  }

  /**
   * Starts all children, each as soon as what it requires is ready. An optional one that fails is left out; a
   * required one ends the start: what runs is stopped in reverse, and MF615 names it.
   * @param onStarted called for each child that is ready or was left out
   */
  async startAll(onStarted: (child: SupervisedChild, tookMs: number) => void = () => {}): Promise<void> {
    this.#stopping = false;
    const order = startOrder(this.children().map(({ spec }) => spec));
    const starts = new Map<string, Promise<void>>();
    let failure: MagFlockError | undefined;
    for (const spec of order) {
      const child = this.child(spec.id);
      const required = (spec.requires ?? []).map((id) => starts.get(id) as Promise<void>);
      starts.set(
        spec.id,
        Promise.all(required).then(async () => {
          if (failure !== undefined || this.#stopping) return;
          const before = this.#clock.now();
          try {
            await this.#startInOrder(child);
          } catch (error) {
            const known = this.#leftOut(child, error);
            if (spec.required !== false) failure ??= known;
          }
          onStarted(child, this.#clock.now() - before);
        }),
      );
    }
    await Promise.all(starts.values());
    if (failure !== undefined) {
      await this.stopAll();
      throw failure;
    }
  }

  /** Starts one child that was added later. Throws MF615. */
  async start(id: string): Promise<void> {
    const child = this.child(id);
    await this.#exclusive(child, async () => {
      try {
        await this.#startInOrder(child);
      } catch (error) {
        throw this.#leftOut(child, error);
      }
    });
  }

  /**
   * Stops a child and starts it again, quarantined ones too; its history of failures is forgotten.
   * @returns the new incarnation
   */
  async restart(id: string): Promise<number> {
    const child = this.child(id);
    return this.#exclusive(child, async () => {
      child.restartTimer?.();
      child.restartTimer = undefined;
      child.intensity.reset();
      child.backoff.reset();
      const before = this.#clock.now();
      if (child.state === 'ready') {
        child.state = 'restarting';
        this.#announce(child, 'pending');
        await this.#options.placement(child.spec).stop(child.spec);
      }
      await this.#startAgain(child, before);
      return child.incarnation;
    });
  }

  /** A placement reports that a child has ended by itself. */
  exited(exit: ChildExit): void {
    const child = this.#children.get(exit.id);
    // While it starts, stops or restarts the one who does that sees it himself.
    if (child === undefined || child.state !== 'ready' || this.#stopping) return;
    this.#failed(child, exit.reason, exit.detail);
  }

  /** Stops all in reverse order of their start. @returns ids that had to be killed */
  async stopAll(): Promise<readonly string[]> {
    this.#stopping = true;
    const order = [...startOrder(this.#living())].reverse();
    const stops = new Map<string, Promise<void>>();
    const killed: string[] = [];
    for (const spec of order) {
      const dependants = this.#dependants(spec.id).map(({ spec: { id } }) => stops.get(id));
      stops.set(
        spec.id,
        Promise.all(dependants).then(async () => {
          if ((await this.#stop(this.child(spec.id))) === 'killed') killed.push(spec.id);
        }),
      );
    }
    await Promise.all(stops.values());
    return killed;
  }

  /** Specifications of what runs or is about to; requirements that do not run are left out. */
  #living(): readonly ChildSpec[] {
    const living = this.children().filter(({ state }) => state !== 'stopped');
    const ids = new Set(living.map(({ spec }) => spec.id));
    return living.map(({ spec }) => ({
      ...spec,
      requires: spec.requires?.filter((id) => ids.has(id)) ?? [],
    }));
  }

  #dependants(id: string): readonly SupervisedChild[] {
    return this.children().filter(({ spec }) => spec.requires?.includes(id) === true);
  }

  async #startInOrder(child: SupervisedChild): Promise<void> {
    for (const id of child.spec.requires ?? []) {
      if (this.child(id).state !== 'ready') {
        throw new MagFlockError('MF607', `${child.spec.id} requires ${id}, which is ${this.child(id).state}`);
      }
    }
    const before = this.#clock.now();
    await this.#launch(child, 'starting');
    const tookMs = this.#clock.now() - before;
    this.#options.onEvent({ kind: 'started', id: child.spec.id, incarnation: child.incarnation, tookMs });
  }

  /** One incarnation: start, replicas, open, in this order. */
  async #launch(child: SupervisedChild, state: 'starting' | 'restarting'): Promise<void> {
    const { spec } = child;
    const placement = this.#options.placement(spec);
    child.incarnation += 1;
    child.state = state;
    this.#announce(child, 'pending');
    child.waits = (await placement.start(spec, child.incarnation)).waits;
    this.#announce(child, 'syncing');
    await placement.synchronise(spec, this.#threadsWithReplicaOf(spec.id));
    await placement.open(spec);
    if (this.#stopping) return;
    child.state = 'ready';
    child.readySince = this.#clock.now();
    child.startedAt = new Date().toISOString();
    this.#announce(child, 'ready');
  }

  #threadsWithReplicaOf(owner: string): readonly string[] {
    const carriers = this.children().filter(
      ({ spec, state }) => state === 'ready' && spec.replicas?.some(({ name }) => name === owner),
    );
    return [...new Set(carriers.map(({ spec }) => this.#options.placement(spec).threadOf(spec)))];
  }

  #leftOut(child: SupervisedChild, error: unknown): MagFlockError {
    const cause = MagFlockError.from(error);
    child.state = 'failed';
    child.lastError = cause.message;
    this.#announce(child, 'unavailable', cause.message);
    this.#event(child, 'failed', cause.message);
    return new MagFlockError('MF615', `${child.spec.id} did not start: ${cause.message}`, {
      cause,
      fix: cause.fix,
      details: { part: child.spec.id },
    });
  }

  #failed(child: SupervisedChild, reason: ChildExit['reason'], detail: string): void {
    const { spec } = child;
    const lived = child.readySince === undefined ? 0 : this.#clock.now() - child.readySince;
    child.readySince = undefined;
    child.failedAt ??= this.#clock.now();
    child.lastError = detail;
    this.#options.log.error(
      { part: spec.id, incarnation: child.incarnation, reason },
      `${spec.id}: ${detail}`,
    );
    this.#event(child, 'failed', detail);
    const type = spec.restart ?? 'permanent';
    if (type === 'temporary' || (type === 'transient' && reason === 'normal')) {
      child.state = reason === 'normal' ? 'stopped' : 'failed';
      this.#announce(child, 'unavailable', detail);
      return;
    }
    if (!child.intensity.allow(this.#clock.now())) {
      this.#quarantine(child, `more than ${child.intensity.description}, last: ${detail}`);
      return;
    }
    child.state = 'restarting';
    this.#announce(child, 'pending');
    child.restartTimer = this.#clock.after(child.backoff.next(lived), () => {
      child.restartTimer = undefined;
      // Failing again is dealt with inside; a restart by hand may have come first.
      void this.#exclusive(child, async () => {
        if (child.state === 'restarting') await this.#startAgain(child, child.failedAt ?? this.#clock.now());
      }).catch(() => {});
    });
  }

  async #startAgain(child: SupervisedChild, since: number): Promise<void> {
    if (this.#stopping) return;
    try {
      await this.#launch(child, 'restarting');
    } catch (error) {
      const cause = MagFlockError.from(error);
      if (!this.#stopping) this.#failed(child, 'crash', cause.message);
      throw new MagFlockError('MF615', `${child.spec.id} did not start: ${cause.message}`, { cause });
    }
    child.restarts += 1;
    child.failedAt = undefined;
    const tookMs = this.#clock.now() - since;
    const { id } = child.spec;
    this.#options.onEvent({ kind: 'restarted', id, incarnation: child.incarnation, tookMs });
  }

  #quarantine(child: SupervisedChild, reason: string): void {
    child.state = 'quarantined';
    this.#options.log.fatal({ part: child.spec.id }, `${child.spec.id} is quarantined: ${reason}`);
    this.#announce(child, 'unavailable', `quarantined, ${reason}`);
    this.#options.onEvent({ kind: 'quarantined', id: child.spec.id, reason });
  }

  async #stop(child: SupervisedChild): Promise<'stopped' | 'killed'> {
    child.restartTimer?.();
    child.restartTimer = undefined;
    const lives = child.state === 'ready' || child.state === 'starting' || child.state === 'restarting';
    let outcome: 'stopped' | 'killed' = 'stopped';
    if (lives) {
      child.state = 'stopping';
      // Not behind the queue: a start that hangs must not hold the stop.
      outcome = await this.#options.placement(child.spec).stop(child.spec);
    }
    await child.queue;
    child.state = 'stopped';
    child.readySince = undefined;
    this.#announce(child, 'unavailable', 'stopped');
    if (lives) this.#options.onEvent({ kind: 'stopped', id: child.spec.id, outcome });
    return outcome;
  }

  #exclusive<T>(child: SupervisedChild, operation: () => Promise<T>): Promise<T> {
    const result = child.queue.then(operation);
    child.queue = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  #event(child: SupervisedChild, kind: 'failed', reason: string): void {
    this.#options.onEvent({ kind, id: child.spec.id, incarnation: child.incarnation, reason });
  }

  #announce(child: SupervisedChild, state: Route['state'], reason?: string): void {
    const { spec, incarnation } = child;
    const thread = this.#options.placement(spec).threadOf(spec);
    const why = reason === undefined ? {} : { reason };
    const waits = child.waits ? { waits: true as const } : {};
    this.#options.announce({ name: spec.id, thread, state, incarnation, ...waits, ...why });
  }
}
