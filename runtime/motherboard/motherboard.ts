import { dirname, join } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import type { AnyActor } from '../actor/actor-cell.ts';
import type { ActorRef } from '../actor/actor-ref.ts';
import { estimateBytes } from '../actor/estimate-bytes.ts';
import type { PostLine } from '../bios/post-line.ts';
import { DeadLetters } from '../bus/dead-letters.ts';
import { EventHub } from '../bus/event-hub.ts';
import type { EventPort } from '../bus/event-port.ts';
import { ThreadEvents } from '../bus/thread-events.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { ActorHost } from '../placement/actor-host.ts';
import { hostMetrics } from '../placement/host-metrics.ts';
import { InlinePlacement } from '../placement/inline.ts';
import type { Placement } from '../placement/placement.ts';
import { Switchboard } from '../placement/switchboard.ts';
import { ThreadPlacement } from '../placement/thread-placement.ts';
import type { PartStatus } from '../protocol/motherboard.protocol.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import { type SupervisionEvent, Supervisor, type SupervisorOptions } from '../supervision/supervisor.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { aggregateHealth } from './aggregate-health.ts';
import { type Cache, createMemoryCache } from './cache.ts';
import type { Health } from './health.ts';
import { Lifecycle } from './lifecycle.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { motherboardActor } from './motherboard-actor.ts';
import { partLine } from './part-line.ts';
import { partStatus } from './part-status.ts';
import { Registry } from './registry.ts';
import { KernelState } from './state.ts';
import { supervisionMetrics } from './supervision-metrics.ts';

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
  /** Somebody asked for the end of the machine; the daemon decides how. */
  readonly onShutdown?: (reason: string) => void;
}

/** Milliseconds a part gets to say how it is. */
const healthMs = 2_000;
/** Memory of the kernel's cache. */
const cacheBytes = 32 * 1024 * 1024;

/** The machine: registry, buses, supervision, lifecycle, health, state and cache, with the parts plugged in. */
export interface Motherboard {
  readonly events: EventPort;
  readonly state: KernelState;
  readonly cache: Cache;
  readonly deadLetters: DeadLetters;
  /**
   * Plugs a part in; it starts with `boot`. On a running machine it starts at once, and the promise says when
   * it is ready. Throws MF608.
   */
  register(spec: ChildSpec): Promise<void>;
  /** Stops a part and takes it out. */
  unregister(id: string): Promise<void>;
  /** A ref to a part. Throws MF604. */
  get<N extends PartName>(name: N): ActorRef<PartProtocols[N]>;
  /** Starts everything. Throws MF609 for a cycle, MF700 when a required part fails; then nothing runs any more. */
  boot(options?: { readonly onPart?: (line: PostLine) => void }): Promise<void>;
  /** Stops everything in reverse. @returns parts that had to be killed */
  shutdown(options: { readonly reason: string }): Promise<{ readonly killed: readonly string[] }>;
  /** Ends every thread at once, for a forced stop: nobody is asked, nothing is drained. */
  kill(): Promise<void>;
  /** @returns the new incarnation */
  restart(id: string): Promise<number>;
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
  const hub = new EventHub();
  const deadLetters = new DeadLetters();
  const state = new KernelState(options.statePath, log);
  const cache = createMemoryCache({ maxBytes: cacheBytes }, estimateBytes);

  const events = new ThreadEvents({
    emit: (batch) => hub.emit(batch),
    interested: (name, interested) => hub.interest('main', name, interested),
    lost: (name, reason, error) =>
      deadLetters.add({
        at: new Date().toISOString(),
        to: 'bus',
        from: 'main',
        method: name,
        reason,
        detail: MagFlockError.from(error).message,
      }),
  });
  hub.addThread('main', (batch) => events.deliver(batch));
  const { port: kernelEvents } = events.port((error) => log.error({ err: error }, 'event handler failed'));

  const host = new ActorHost({
    thread: 'main',
    settings,
    metrics,
    events,
    logger: (part) => createLogger({ level: settings['log.level'], part, file: logFile }),
    control: {
      connect: (thread) => switchboard.connect('main', thread),
      lateReplica: (thread, owner) => threads.endLate(thread, owner),
      deadLetter: (letter) => deadLetters.add(letter),
      crash: (error) => log.fatal({ err: error }, 'a replica in the main thread is broken'),
    },
  });
  const switchboard = new Switchboard(host);
  const inline = new InlinePlacement(host);
  const threads: ThreadPlacement = new ThreadPlacement({
    settings,
    version,
    logFile,
    log,
    switchboard,
    hub,
    routes: () => host.routes.all(),
    onExit: (exit) => supervisor.exited(exit),
    onDeadLetter: (letter) => deadLetters.add(letter),
  });
  const supervisor: Supervisor = new Supervisor({
    ...options.supervision,
    log,
    placement: placementOf,
    announce: (route) => switchboard.announce([route]),
    onEvent: announceEvent,
  });
  const registry = new Registry(host, ['motherboard']);
  const counters = supervisionMetrics(metrics, supervisor, deadLetters);
  hostMetrics(host, metrics);

  function placementOf(spec: ChildSpec): Placement {
    return spec.placement.kind === 'inline' ? inline : threads;
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
        if (event.outcome === 'killed') log.error({ part: event.id }, `${event.id} was stuck and was killed`);
        break;
      default:
        event satisfies never;
    }
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
    register(spec) {
      supervisor.add(spec);
      registry.add(spec);
      return lifecycle.stage === 'running' ? supervisor.start(spec.id) : Promise.resolve();
    },
    async unregister(id) {
      await supervisor.remove(id);
      registry.remove(id);
    },
    get: (name) => registry.get(name),
    async boot({ onPart } = {}) {
      registry.resolve();
      lifecycle.to('booting');
      try {
        await state.load();
        await plugIn();
        void prepareThreads();
        const lines: Promise<void>[] = [];
        await supervisor.startAll((child, tookMs) => {
          lines.push(partLine(child, tookMs, placementOf(child.spec)).then((line) => onPart?.(line)));
        });
        await Promise.all(lines);
        lifecycle.to('running');
      } catch (error) {
        lifecycle.to('failed');
        await threads.endIdle();
        await host.stop('motherboard');
        const cause = MagFlockError.from(error);
        throw new MagFlockError('MF700', cause.message, { cause, fix: cause.fix, details: cause.details });
      }
    },
    async shutdown({ reason }) {
      lifecycle.to('stopping');
      kernelEvents.emit('system.stopping', { reason });
      log.info({ reason }, 'the machine stops');
      const killed = await supervisor.stopAll();
      await threads.endIdle();
      await host.stop('motherboard');
      host.close();
      lifecycle.to('stopped');
      return { killed };
    },
    kill: () => threads.killAll(),
    restart: (id) => supervisor.restart(id),
    async healthCheck() {
      const children = supervisor.children();
      const healths = await Promise.all(children.map(({ spec }) => healthOf(spec.id)));
      const parts = children.map(({ spec }, index) => ({
        name: spec.id,
        required: spec.required !== false,
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
