import type { EndReason } from '../actor/terminated.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildExit, Placement } from '../placement/placement.ts';
import type { Route } from '../placement/route.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { BackoffOptions } from './backoff.ts';
import type { ChildLife } from './child-life.ts';
import type { ChildPolicy } from './child-record.ts';
import type { ChildSpec, GroupSpec, TreeSpec } from './child-spec.ts';
import { createChildRecord } from './create-child-record.ts';
import type { IntensityOptions } from './intensity.ts';
import { flatten, sorted, startOrder } from './start-order.ts';
import type { Supervised, SupervisedChild, SupervisedGroup } from './supervised-child.ts';
import type { SupervisorClock } from './supervisor-clock.ts';
import { type CoreEvent, SupervisorCore, type SupervisorCoreOptions } from './supervisor-core.ts';
import { validateChildSpec } from './validate-child-spec.ts';

/** What happened to a child; the motherboard announces it. */
export type SupervisionEvent =
  | { readonly kind: 'started'; readonly id: string; readonly incarnation: number; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly id: string; readonly incarnation: number; readonly reason: string }
  | { readonly kind: 'restarted'; readonly id: string; readonly incarnation: number; readonly tookMs: number }
  | { readonly kind: 'quarantined'; readonly id: string; readonly reason: string }
  | { readonly kind: 'stopped'; readonly id: string; readonly outcome: 'stopped' | 'killed' };

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

/**
 * Supervision of the machine's parts. The machine itself is `one_for_one`: a part that fails more often than its
 * intensity allows is quarantined: it stays down, its callers get MF607, the rest goes on, and `restart` releases
 * it. Groups are supervisors of their own beneath it, down to any depth.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #root: SupervisorCore<Supervised>;
  /** Parts in the order of their registration. */
  readonly #parts = new Map<string, SupervisedChild>();
  readonly #groups = new Map<string, SupervisedGroup>();
  /** How incarnations ended, until the next ones are known. */
  readonly #ends = new Map<string, EndReason>();
  #onStarted: ((child: SupervisedChild, tookMs: number) => void) | undefined;
  #killed: string[] = [];

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#root = new SupervisorCore<Supervised>({
      ...this.#hooks(undefined),
      onIntensity: 'quarantine',
      intensity: options.intensity,
      order: (children) => placed(children),
    });
  }

  // --- children

  /** Registers a part or a group; it is started by `startAll` or `start`. Throws MF608. */
  add(spec: TreeSpec): void {
    validateChildSpec(spec);
    for (const { id } of flatten<TreeSpec>(spec)) {
      if (!this.#parts.has(id) && !this.#groups.has(id)) continue;
      throw new MagFlockError('MF608', `${id}.id is registered already`, {
        details: { part: id, field: 'id' },
      });
    }
    this.#root.add(this.#supervised(spec, undefined));
  }

  /** Takes a part or a group out; it is stopped first. Throws MF608 when another one requires it. */
  async remove(id: string): Promise<void> {
    const child = this.#any(id);
    const beneath = new Set(flatten<TreeSpec>(child.spec).map((spec) => spec.id));
    for (const { spec } of this.#parts.values()) {
      if (beneath.has(spec.id)) continue;
      const required = spec.requires?.find((name) => beneath.has(name));
      if (required !== undefined) {
        throw new MagFlockError('MF608', `${required} is required by ${spec.id}`);
      }
    }
    await this.#coreOf(child).remove(id);
    for (const gone of beneath) {
      this.#parts.delete(gone);
      this.#groups.delete(gone);
    }
  }

  child(id: string): SupervisedChild {
    const child = this.#parts.get(id);
    if (child === undefined) {
      const known = [...this.#parts.keys()].join(', ');
      throw new MagFlockError('MF604', `no part is called ${id}; there are ${known}`, {
        details: { part: id },
      });
    }
    return child;
  }

  /** All parts, those in groups included. */
  children(): readonly SupervisedChild[] {
    return [...this.#parts.values()];
  }

  groups(): readonly SupervisedGroup[] {
    return [...this.#groups.values()];
  }

  /** Threads that carry a replica of this child and are ready. */
  replicasOf(owner: string): readonly string[] {
    const carriers = this.children().filter(
      ({ spec, state }) => state === 'ready' && spec.replicas?.some(({ name }) => name === owner),
    );
    return [...new Set(carriers.map(({ spec }) => this.#options.placement(spec).threadOf(spec)))];
  }

  // --- life

  /**
   * Starts all children, each as soon as what it requires is ready. An optional one that fails is left out; a
   * required one ends the start: what runs is stopped in reverse, and MF615 names it.
   * @param onStarted called for each part that is ready or was left out
   */
  async startAll(onStarted?: (child: SupervisedChild, tookMs: number) => void): Promise<void> {
    startOrder(this.#root.children().map(({ spec }) => spec));
    this.#onStarted = onStarted;
    try {
      await this.#root.startAll();
    } finally {
      this.#onStarted = undefined;
    }
  }

  /** Starts one part or group that was added later. Throws MF615. */
  start(id: string): Promise<void> {
    return this.#coreOf(this.#any(id)).start(id);
  }

  /**
   * Stops a part, with those its strategy restarts with it, and starts it again, quarantined ones too; its history
   * of failures is forgotten. One in a group that is down takes its group along.
   * @returns the new incarnation
   */
  async restart(id: string): Promise<number> {
    const child = this.#any(id);
    let down: SupervisedGroup | undefined;
    for (let group = child.group; group !== undefined; group = group.group) {
      if (group.state !== 'ready') down = group;
    }
    if (down === undefined) return this.#coreOf(child).restart(id);
    await this.#coreOf(down).restart(down.spec.id);
    return child.incarnation;
  }

  /** Runs an operation on a child when no start, stop or restart of it does, and keeps these waiting. */
  exclusive<T>(id: string, operation: () => Promise<T>): Promise<T> {
    const child = this.child(id);
    return this.#coreOf(child).exclusive(child, operation);
  }

  /** A placement reports that a child has ended by itself. */
  exited({ id, reason, detail, quarantine }: ChildExit): void {
    const child = this.#parts.get(id);
    if (child === undefined) return;
    this.#ends.set(id, { kind: reason, detail });
    this.#coreOf(child).exited(id, { reason, detail, quarantine });
  }

  /** Stops all in reverse order of their start. @returns parts that had to be killed */
  async stopAll(): Promise<readonly string[]> {
    this.#killed = [];
    await this.#root.stopAll();
    return this.#killed;
  }

  // --- the tree

  #supervised(spec: TreeSpec, group: SupervisedGroup | undefined): Supervised {
    const place = {
      path: `${group?.path ?? ''}/${spec.id}`,
      group,
      required: spec.required !== false && group?.required !== false,
    };
    return 'supervisor' in spec ? this.#group(spec, place) : this.#part(spec, place);
  }

  #part(spec: ChildSpec, place: Pick<SupervisedChild, 'path' | 'group' | 'required'>): SupervisedChild {
    const { log, placement } = this.#options;
    const life: ChildLife = {
      start: () => this.#launch(child),
      stop: async () => {
        try {
          const outcome = await placement(child.spec).stop(child.spec);
          const kind = outcome === 'killed' ? 'killed' : 'shutdown';
          this.#ends.set(spec.id, { kind, detail: `${outcome} by its supervisor` });
          return outcome;
        } catch (error) {
          log.warn({ part: spec.id, err: error }, `${spec.id} failed to stop`);
          throw error;
        }
      },
      // A placement ends what does not stop by itself.
      kill: async () => {},
    };
    const record = createChildRecord(policyOf(spec), life, this.#limits(place.group));
    const child: SupervisedChild = Object.assign(record, {
      kind: 'part',
      spec,
      waits: false,
      ...place,
    } as const);
    this.#parts.set(spec.id, child);
    this.#announce(child, 'pending');
    return child;
  }

  #group(spec: GroupSpec, place: Pick<SupervisedGroup, 'path' | 'group' | 'required'>): SupervisedGroup {
    const { strategy, autoShutdown, onIntensity, children } = spec.supervisor;
    const life: ChildLife = {
      start: (_incarnation, again) => core.startAll(again),
      stop: async (again) => ((await core.stopAll(again)).length > 0 ? 'killed' : 'stopped'),
      kill: async () => {},
    };
    const record = createChildRecord(policyOf(spec), life, this.#limits(place.group));
    const core: SupervisorCore<Supervised> = new SupervisorCore<Supervised>({
      strategy,
      autoShutdown,
      onIntensity,
      intensity: { ...this.#options.intensity, ...spec.supervisor.intensity },
      order: (those) => placed(those, true),
      onEnd: (end) => this.#coreOf(group).exited(spec.id, end),
      ...this.#hooks(() => core),
    });
    const group: SupervisedGroup = Object.assign(record, { kind: 'group', spec, core, ...place } as const);
    this.#groups.set(spec.id, group);
    for (const child of children) core.add(this.#supervised(child, group));
    return group;
  }

  /** @param core the supervisor that is hooked, when it may be restarted as a whole */
  #hooks(core: (() => SupervisorCore<Supervised>) | undefined) {
    return {
      clock: this.#options.clock,
      admit: (child) => this.#admit(child),
      onState: (child, reason) => {
        if (child.kind === 'part') this.#partIs(child, reason, core?.().returning === true);
        else this.#groupIs(child, reason, core?.().returning === true);
      },
      onEvent: (child, event) => this.#event(child, event),
      onStarted: (child, tookMs) => {
        if (child.kind === 'part') this.#onStarted?.(child, tookMs);
      },
    } satisfies SupervisorCoreOptions<Supervised>;
  }

  #limits(group: SupervisedGroup | undefined) {
    const own = group?.spec.supervisor;
    return {
      backoff: { ...this.#options.backoff, ...own?.backoff },
      intensity: { ...this.#options.intensity, ...own?.intensity },
    };
  }

  #coreOf(child: Supervised): SupervisorCore<Supervised> {
    return child.group?.core ?? this.#root;
  }

  #any(id: string): Supervised {
    return this.#groups.get(id) ?? this.child(id);
  }

  // --- one part

  #admit({ spec }: Supervised): void {
    for (const id of spec.requires ?? []) {
      const { state } = this.#any(id);
      if (state !== 'ready') throw new MagFlockError('MF607', `${spec.id} requires ${id}, which is ${state}`);
    }
  }

  /** One incarnation: start, replicas, open, in this order. */
  async #launch(child: SupervisedChild): Promise<void> {
    const { spec } = child;
    const placement = this.#options.placement(spec);
    child.waits = (await placement.start(spec, child.incarnation)).waits;
    // Told to stop meanwhile: who sends to it hears of that and nothing else.
    if (child.state === 'stopping') return;
    this.#announce(child, 'syncing');
    await placement.synchronise(spec, this.replicasOf(spec.id));
    await placement.open(spec);
  }

  #partIs(child: SupervisedChild, reason: string | undefined, returning: boolean): void {
    switch (child.state) {
      case 'starting':
      case 'restarting':
        this.#announce(child, 'pending');
        break;
      case 'ready':
        this.#announce(child, 'ready');
        break;
      case 'stopping':
        break;
      case 'stopped':
        // Its group is between two lives: who writes to it waits.
        if (returning) this.#announce(child, 'pending');
        else this.#announce(child, 'unavailable', reason);
        break;
      case 'failed':
      case 'quarantined':
        this.#announce(child, 'unavailable', reason);
        break;
      default:
        child.state satisfies never;
    }
  }

  #groupIs({ state, core }: SupervisedGroup, reason: string | undefined, returning: boolean): void {
    if (state === 'restarting' || state === 'failed' || state === 'quarantined')
      core.mark(state, reason ?? state);
    else if (state === 'stopped' && !returning) core.mark(state, reason ?? state);
  }

  #event(child: Supervised, event: CoreEvent): void {
    const { log, onEvent } = this.#options;
    const { id } = child.spec;
    const { incarnation, kind } = child;
    if (event.kind === 'failed') {
      // One that did not come up at all is reported by whoever started it.
      if (child.state !== 'failed') log.error({ part: id, incarnation }, `${id}: ${event.reason}`);
      onEvent({ ...event, kind: 'failed', id, incarnation });
    } else if (event.kind === 'quarantined') {
      log.fatal({ part: id }, `${id} is quarantined: ${event.reason}`);
      onEvent({ ...event, kind: 'quarantined', id });
    } else if (event.kind === 'stopped') {
      if (event.outcome === 'killed' && kind === 'part') this.#killed.push(id);
      onEvent({ ...event, id });
    } else onEvent({ ...event, id, incarnation });
  }

  #announce(child: SupervisedChild, state: Route['state'], reason?: string): void {
    const { spec, incarnation } = child;
    const thread = this.#options.placement(spec).threadOf(spec);
    const why = reason === undefined ? {} : { reason };
    const waits = child.waits ? { waits: true as const } : {};
    const stopped = { kind: 'shutdown', detail: reason ?? 'stopped by its supervisor' } as const;
    const ended = this.#ends.get(spec.id) ?? (incarnation === 0 ? undefined : stopped);
    if (state === 'syncing') this.#ends.delete(spec.id);
    const end = ended === undefined || state === 'syncing' || state === 'ready' ? {} : { ended };
    this.#options.announce({ name: spec.id, thread, state, incarnation, ...waits, ...end, ...why });
  }
}

/** @param inTurn each waits for the one before, and not only for what it requires */
function placed(children: readonly Supervised[], inTurn = false) {
  const byId = new Map(children.map((child) => [child.policy.id, child]));
  const order = sorted<TreeSpec>(children.map(({ spec }) => spec));
  return order.map(({ spec, after }, index) => {
    const before = order[index - 1]?.spec.id;
    const child = byId.get(spec.id) as Supervised;
    return { child, after: inTurn ? (before === undefined ? [] : [before]) : after };
  });
}

function policyOf(spec: TreeSpec): ChildPolicy {
  const { id, restart = 'permanent', significant = false, required = true } = spec;
  return { id, restart, significant, required };
}
