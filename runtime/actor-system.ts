import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Settings, settingDefinitions } from '../config/settings.ts';
import type { ActorRef, Protocol } from './actor/actor-ref.ts';
import type { ActorDefinition } from './actor/define-actor.ts';
import type { SpawnOptions } from './actor/spawn-options.ts';
import { createMotherboard, type Motherboard, type MotherboardOptions } from './motherboard/motherboard.ts';
import type { ChildSpec } from './supervision/child-spec.ts';
import type { Logger } from './telemetry/logger.ts';

export interface ActorSystemOptions {
  /** Where parts log; default nowhere. */
  readonly log?: Logger;
  readonly settings?: Partial<Settings>;
  readonly supervision?: MotherboardOptions['supervision'];
}

/** Actors without the daemon: no settings file, no log file, no database. */
export interface ActorSystem {
  /** The machine beneath, for what this face leaves out. */
  readonly motherboard: Motherboard;
  /** Starts an actor in this thread; it may be written to at once. */
  spawn<State, P, Args>(
    definition: ActorDefinition<State, P, Args>,
    options?: SpawnOptions<Args>,
  ): ActorRef<P>;
  /** Starts a supervised part where its specification says; resolves when it is ready. Throws MF608, MF615. */
  start<P = Protocol>(spec: ChildSpec): Promise<ActorRef<P>>;
  /** A ref by path: `/counter`. */
  ref<P = Protocol>(path: string): ActorRef<P>;
  /** Stops everything in reverse order. */
  stop(): Promise<void>;
}

/**
 * The actor runtime on its own, for programs and tests of actor authors.
 * @example
 * const system = await createActorSystem();
 * const counter = system.spawn(counterActor);
 * await counter.ask('add', 2);
 * await system.stop();
 */
export async function createActorSystem(options: ActorSystemOptions = {}): Promise<ActorSystem> {
  const defaults = Object.entries(settingDefinitions).map(([name, setting]) => [name, setting.default]);
  const motherboard = createMotherboard({
    settings: { ...Object.fromEntries(defaults), 'log.level': 'fatal', ...options.settings } as Settings,
    log: options.log ?? pino({ level: 'silent' }),
    metrics: new Registry(),
    version: '0.0.0',
    // Never written: only parts of the daemon set kernel facts.
    statePath: join(tmpdir(), `magflock-actors-${process.pid}`, 'state.json'),
    logFile: null,
    ...(options.supervision === undefined ? {} : { supervision: options.supervision }),
  });
  await motherboard.boot();
  return {
    motherboard,
    spawn: (definition, spawnOptions) => motherboard.spawn(definition, spawnOptions),
    async start<P>(spec: ChildSpec) {
      await motherboard.register(spec);
      return motherboard.ref<P>(`/${spec.id}`);
    },
    ref: <P>(path: string) => motherboard.ref<P>(path),
    async stop() {
      await motherboard.shutdown({ reason: 'the actor system stops' });
    },
  };
}
