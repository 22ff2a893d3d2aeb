import { dirname, join } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import type { ActorRef } from '../actor/actor-ref.ts';
import type { AnyActor } from '../actor/any-actor.ts';
import type { ActorDefinition } from '../actor/define-actor.ts';
import { estimateBytes } from '../actor/estimate-bytes.ts';
import { spawn } from '../actor/spawn.ts';
import type { SpawnOptions } from '../actor/spawn-options.ts';
import type { Configuration } from '../bios/configuration.ts';
import type { PostLine } from '../bios/post-line.ts';
import { DeadLetterOffice } from '../bus/dead-letter-office.ts';
import type { DeadLetters } from '../bus/dead-letters.ts';
import type { EventPort } from '../bus/event-port.ts';
import { createMainBus } from '../bus/main-bus.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { storageStores } from '../persistence/storage-stores.ts';
import { ActorHost } from '../placement/actor-host.ts';
import type { CageHost, CagePlacement } from '../placement/cage.ts';
import { hostMetrics } from '../placement/host-metrics.ts';
import { InlinePlacement } from '../placement/inline.ts';
import { openCircles } from '../placement/open-circles.ts';
import type { Placement } from '../placement/placement.ts';
import { checkPlacements, placementOf as choosePlacement } from '../placement/placement-of.ts';
import { PoolPlacement } from '../placement/pool-placement.ts';
import { Switchboard } from '../placement/switchboard.ts';
import { ThreadPlacement } from '../placement/thread-placement.ts';
import type { PartStatus, SettingsChange } from '../protocol/motherboard.protocol.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ChildSpec, TreeSpec } from '../supervision/child-spec.ts';
import { HotSwap, type SwapOptions, type Swapped } from '../supervision/hot-swap.ts';
import { type SupervisionEvent, Supervisor, type SupervisorOptions } from '../supervision/supervisor.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { setUpTracing } from '../telemetry/tracing-setup.ts';
import { aggregateHealth } from './aggregate-health.ts';
import { type Cache, createMemoryCache } from './cache.ts';
import { configure } from './configure.ts';
import type { Health } from './health.ts';
import { createInstruments } from './instruments.ts';
import { Lifecycle } from './lifecycle.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { motherboardActor } from './motherboard-actor.ts';
import { partLine } from './part-line.ts';
import { partStatus } from './part-status.ts';
import { Registry } from './registry.ts';
import { KernelState } from './state.ts';
import { type StoppingPart, StopWatch } from './stop-watch.ts';
import { supervisionMetrics } from './supervision-metrics.ts';
import { createTree, type Tree } from './tree.ts';

export interface MotherboardOptions {
  readonly settings: Settings;
  readonly log: Logger;
  /** Registry of the main thread. */
  readonly metrics: Metrics;
  readonly version: string;
  /** File of the kernel's persistent state, `<dataDir>/state.json`. */
  readonly statePath: string;
  /** Log file of all threads; default `logs/magflock.ndjson` beside the state, null for none. */
  readonly logFile?: string | null;
  /** POST lines of this boot, for those who ask the `motherboard` actor. */
  readonly post?: () => readonly PostLine[];
  /** How many restarts in which time are too many, and how long to wait between them. */
  readonly supervision?: Pick<SupervisorOptions, 'intensity' | 'backoff'>;
  /** Milliseconds without a crash before a spare thread is made, default 500; false for none. */
  readonly spareThread?: number | false;
  /** Makes the placement of parts that nobody trusts; without it a specification of kind cage is refused. */
  readonly placements?: { readonly cage?: (host: CageHost) => CagePlacement };
  /** Where settings come from, for those who change them in the running machine. */
  readonly configuration?: Configuration;
  /** Somebody asked for the end of the machine; the daemon decides how. */
  readonly onShutdown?: (reason: string) => void;
}

/** Milliseconds a part gets to say how it is. */
const healthMs = 2_000;
/** Milliseconds that events get to reach the outbox when the machine stops. */
const outboxMs = 2_000;
/** Memory of the kernel's cache. */
const cacheBytes = 32 * 1024 * 1024;

/** The machine: registry, buses, supervision, lifecycle, health, state and cache, with the parts plugged in. */
export interface Motherboard {
  readonly events: EventPort;
  readonly state: KernelState;
  readonly cache: Cache;
  readonly deadLetters: DeadLetters;
  /** Dead letters for people: list, send again, clear. */
  readonly deadLetterOffice: DeadLetterOffice;
  /**
   * Plugs a part in, or a group of parts; it starts with `boot`. On a running machine it starts at once, and the promise says when
   * it is ready. Throws MF608.
   */
  register(spec: TreeSpec): Promise<void>;
  /** Stops a part or a group and takes it out. */
  unregister(id: string): Promise<void>;
  /** A ref to a part. Throws MF604. */
  get<N extends PartName>(name: N): ActorRef<PartProtocols[N]>;
  /** A ref to any actor by path: `/psu`, `/psu/child`. */
  ref<P>(path: string): ActorRef<P>;
  /** Starts an actor in this thread, a child of the machine itself. It may be written to at once. */
  spawn<State, P, Args>(
    definition: ActorDefinition<State, P, Args>,
    options?: SpawnOptions<Args>,
  ): ActorRef<P>;
  /** Starts everything. Throws MF609 for a cycle, MF700 when a required part fails; then nothing runs any more. */
  boot(options?: { readonly onPart?: (line: PostLine) => void }): Promise<void>;
  /**
   * Stops everything in reverse, each part within its budget.
   * @param options.onStopping told four times a second of parts that take long, and what keeps them
   * @param options.onKilled told of a part that is over its budget, or failed to stop, and was ended by force
   * @returns parts that had to be killed
   */
  shutdown(options: {
    readonly reason: string;
    readonly onStopping?: (parts: readonly StoppingPart[]) => void;
    readonly onKilled?: (part: StoppingPart) => void;
  }): Promise<{ readonly killed: readonly string[] }>;
  /** Ends every thread at once, for a forced stop: nobody is asked, nothing is drained. */
  kill(): Promise<void>;
  /** @returns the new incarnation */
  restart(id: string): Promise<number>;
  /**
   * Puts a new version of a part in the place of the running one without losing a message. Throws MF640 when it is
   * refused, MF641 while another swap of the part goes on, MF642 when it failed and the old version goes on.
   */
  swap(id: string, options?: SwapOptions): Promise<Swapped>;
  /** Its actors, for operators. */
  readonly tree: Tree;
  /** Takes over the settings that can change in a running machine, in every thread, and names the others. */
  configure(next: Settings): Promise<SettingsChange>;
  healthCheck(): Promise<{ readonly overall: Health; readonly parts: Readonly<Record<string, Health>> }>;
  status(): Promise<readonly PartStatus[]>;
  /** Metrics of all threads, merged. */
  metrics(): Promise<{ readonly text: string; readonly contentType: string }>;
}

export function createMotherboard(options: MotherboardOptions): Motherboard {
  const { settings, log, metrics, version } = options;
  const logFile =
    options.logFile === undefined
      ? join(dirname(options.statePath), 'logs', 'magflock.ndjson')
      : options.logFile;
  const lifecycle = new Lifecycle();
  const bus = createMainBus(log);
  const { hub, events, kernel: kernelEvents, deadLetters } = bus;
  const state = new KernelState(options.statePath, log);
  let stopWatch: StopWatch | undefined;
  let onPartKilled: ((part: StoppingPart) => void) | undefined;
  const cache = createMemoryCache({ maxBytes: cacheBytes }, estimateBytes);

  // The host has the settings as they are now; there is none yet when it makes its first logger.
  let levelNow = () => settings['log.level'];
  const host = new ActorHost({
    thread: 'main',
    settings,
    metrics,
    events,
    logger: (part) => createLogger({ level: levelNow(), part, file: logFile }),
    tracing: setUpTracing(settings, { version, thread: 'main' }),
    control: {
      connect: (thread) => switchboard.connect('main', thread),
      lateReplica: (thread, owner) => threads.endLate(thread, owner),
      deadLetter: bus.deadLetter,
      exited(id, _incarnation, { kind, detail, quarantine }) {
        const reason = kind === 'normal' || kind === 'shutdown' ? kind : 'crash';
        supervisor.exited({ id, reason, detail, quarantine });
      },
      topic: (name, interested) => void switchboard.topics.interest('main', name, interested),
      blocked: (asks) => blocked('main', asks),
      crash: (error) => log.fatal({ err: error }, 'a replica in the main thread is broken'),
    },
  });
  levelNow = () => host.settings['log.level'];
  const switchboard = new Switchboard(host);
  const blocked = openCircles(host, switchboard);
  const inline = new InlinePlacement(host);
  const threads: ThreadPlacement = new ThreadPlacement({
    settings: () => host.settings,
    version,
    logFile,
    log,
    switchboard,
    hub,
    routes: () => host.routes.all(),
    onExit: (exit) => supervisor.exited(exit),
    onBlocked: (thread, asks) => blocked(thread, asks),
    onDeadLetters: bus.received,
    onMark: (thread, mark) => instruments.mark(thread, mark),
    onHeapExceeded: (part) => host.heapExceeded(part, heapOf(supervisor.child(part).spec)),
    spare: options.spareThread,
  });
  const pool = new PoolPlacement({ host, threads, log, onExit: (exit) => supervisor.exited(exit) });
  const cage = options.placements?.cage?.({
    front: host,
    log,
    ref: (path, from) => host.ref(path, from),
    onExit: (exit) => supervisor.exited(exit),
  });
  const placements = { inline, thread: threads, pool, cage };
  const supervisor: Supervisor = new Supervisor({
    ...options.supervision,
    log,
    placement: placementOf,
    announce: (route) => switchboard.announce([route]),
    onEvent: announceEvent,
  });
  const hotSwap = new HotSwap({
    log,
    child: (id) => supervisor.child(id),
    children: () => supervisor.children(),
    exclusive: (id, operation) => supervisor.exclusive(id, operation),
    successor: (spec, request) => placementOf(spec).successor?.(spec, request),
    threadOf: (spec) => placementOf(spec).threadOf(spec),
    replicasOf: (id) => supervisor.replicasOf(id),
    announce: (route) => switchboard.announceToAll([route]),
    onSwapped: (id, swapped) => kernelEvents.emit('component.swapped', { path: `/${id}`, ...swapped }),
  });
  const endStuck = (thread: string, detail: string) => threads.endStuck(thread, detail);
  const instruments = createInstruments({ settings, log, metrics, host, endStuck });
  const tree = createTree({
    ...{ host, switchboard, version, placementOf },
    startedAt: () => lifecycle.startedAt,
    children: () => supervisor.children(),
    groups: () => supervisor.groups(),
    restart: (id) => supervisor.restart(id),
    blocked: () => instruments.blocked(),
  });
  const registry = new Registry(host, ['motherboard']);
  const counters = supervisionMetrics(metrics, supervisor, deadLetters);
  hostMetrics(host, metrics);

  const stores = storageStores(host.part('storage', '/motherboard'));
  const outbox = () => (registry.names().includes('storage') ? stores.outbox : undefined);
  const deadLetterOffice = new DeadLetterOffice({
    letters: deadLetters,
    outbox,
    ref: (path) => host.ref(path, '/motherboard'),
    wake: (event) => hub.filled(new Set([event])),
  });

  /** Megabytes that the thread of a part may take; 0 when nobody limits it. */
  function heapOf({ placement }: ChildSpec): number {
    return placement.kind === 'thread' ? (placement.heapMegabytes ?? 0) : 0;
  }

  function placementOf(spec: ChildSpec): Placement {
    return choosePlacement(spec, placements);
  }

  function announceEvent(event: SupervisionEvent): void {
    const path = `/${event.id}`;
    counters(event);
    switch (event.kind) {
      case 'started':
        kernelEvents.emit('component.started', { path, incarnation: event.incarnation });
        break;
      case 'failed':
        kernelEvents.emit('component.failed', { path, incarnation: event.incarnation, reason: event.reason });
        break;
      case 'restarted': {
        const tookMs = Math.round(event.tookMs);
        log.info({ part: event.id, tookMs }, `${event.id} is back`);
        kernelEvents.emit('component.restarted', { path, incarnation: event.incarnation, tookMs });
        break;
      }
      case 'quarantined':
        kernelEvents.emit('component.quarantined', { path, reason: event.reason });
        break;
      case 'stopped':
        if (event.outcome === 'killed') wasKilled(event.id);
        break;
      default:
        event satisfies never;
    }
  }

  function wasKilled(id: string): void {
    if (stopWatch === undefined) {
      log.error({ part: id }, `${id} was stuck and was killed`);
      return;
    }
    const stuck = stopWatch.of(id);
    log.error(stuck, `${id} was stuck (${stuck.doing}) and was killed after ${stuck.ms} ms`);
    onPartKilled?.(stuck);
  }

  async function healthOf(id: string): Promise<Health> {
    const child = supervisor.child(id);
    if (child.state !== 'ready') {
      const fix = `magflock restart ${id}`;
      return { status: 'failed', summary: `${child.state}: ${child.lastError ?? 'not started'}`, fix };
    }
    try {
      return await placementOf(child.spec).healthCheck(child.spec, healthMs);
    } catch (error) {
      return { status: 'failed', summary: `does not answer: ${MagFlockError.from(error).message}` };
    }
  }

  const motherboard: Motherboard = {
    events: kernelEvents,
    state,
    cache,
    deadLetters,
    deadLetterOffice,
    register(spec) {
      // Before anything knows of the part.
      checkPlacements(spec, placements);
      supervisor.add(spec);
      registry.add(spec);
      return lifecycle.stage === 'running' ? supervisor.start(spec.id) : Promise.resolve();
    },
    async unregister(id) {
      await supervisor.remove(id);
      registry.remove(id);
    },
    get: (name) => registry.get(name),
    ref: <P>(path: string) => host.ref(path, '/') as unknown as ActorRef<P>,
    spawn<State, P, Args>(definition: ActorDefinition<State, P, Args>, given?: SpawnOptions<Args>) {
      const actor = definition as unknown as AnyActor;
      const child = spawn(host.cell('motherboard'), host, actor, given as SpawnOptions<unknown> | undefined);
      return host.localRef(child, '/') as unknown as ActorRef<P>;
    },
    async boot({ onPart } = {}) {
      registry.resolve();
      lifecycle.to('booting');
      try {
        await state.load();
        instruments.start();
        await plugIn();
        if (outbox() !== undefined) bus.keep(stores.outbox);
        void prepareThreads();
        const lines: Promise<void>[] = [];
        await supervisor.startAll((child, tookMs) => {
          lines.push(partLine(child, tookMs, placementOf(child.spec)).then((line) => onPart?.(line)));
        });
        await Promise.all(lines);
        lifecycle.to('running');
        threads.ready();
      } catch (error) {
        lifecycle.to('failed');
        instruments.stop();
        await threads.endIdle();
        await host.stop('motherboard');
        const cause = MagFlockError.from(error);
        throw new MagFlockError('MF700', cause.message, { cause, fix: cause.fix, details: cause.details });
      }
    },
    async shutdown({ reason, onStopping, onKilled }) {
      lifecycle.to('stopping');
      kernelEvents.emit('system.stopping', { reason });
      log.info({ reason }, 'the machine stops');
      await bus.close(outboxMs);
      stopWatch = new StopWatch({
        children: () => supervisor.children(),
        threadOf: ({ spec }) => placementOf(spec).threadOf(spec),
        observe: (thread) => tree.observe(thread),
        blocked: () => instruments.blocked(),
        onStopping,
      });
      onPartKilled = onKilled;
      stopWatch.start();
      const killed = await supervisor.stopAll().finally(() => stopWatch?.stop());
      await threads.endIdle();
      await host.stop('motherboard');
      await host.flushTracing();
      instruments.stop();
      host.close();
      lifecycle.to('stopped');
      return { killed };
    },
    async kill() {
      await pool.killAll();
      await threads.killAll();
    },
    restart: (id) => supervisor.restart(id),
    swap: (id, how) => hotSwap.swap(id, how),
    configure: (next) => configure({ host, switchboard, log }, next),
    tree,
    async healthCheck() {
      const children = supervisor.children();
      const healths = await Promise.all(children.map(({ spec }) => healthOf(spec.id)));
      const parts = children.map(({ spec }, index) => ({
        name: spec.id,
        required: children[index]?.required !== false,
        health: healths[index] as Health,
      }));
      return {
        overall: aggregateHealth(parts),
        parts: Object.fromEntries(parts.map(({ name, health }) => [name, health])),
      };
    },
    status: () =>
      Promise.all(
        supervisor.children().map((child) =>
          partStatus(child, {
            placement: placementOf(child.spec),
            switchboard,
            host,
            timeoutMs: healthMs,
          }),
        ),
      ),
    async metrics() {
      const lists = await Promise.all([
        metrics.getMetricsAsJSON(),
        // A thread that is just ending has no metrics to give.
        ...switchboard.threads().map((thread) => thread.order('metrics', null, healthMs).catch(() => [])),
      ]);
      return mergeMetrics(lists);
    },
  };

  /**
   * Threads load their code while the parts they require still start, one after the other so that they do not
   * take the processor from these.
   */
  async function prepareThreads(): Promise<void> {
    for (const { spec } of supervisor.children()) {
      if (lifecycle.stage !== 'booting') return;
      if (spec.placement.kind === 'thread') await threads.prepare(spec);
    }
  }

  /** The machine itself as an actor, for parts that ask it. */
  async function plugIn(): Promise<void> {
    const actor = motherboardActor({ motherboard, lifecycle, version, options }) as unknown as AnyActor;
    await inline.startDefinition('motherboard', 1, actor, undefined);
    switchboard.announce([{ name: 'motherboard', thread: 'main', state: 'ready', incarnation: 1 }]);
    host.open('motherboard');
  }

  return motherboard;
}
