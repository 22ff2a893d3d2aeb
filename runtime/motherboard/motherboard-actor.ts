import { pathToFileURL } from 'node:url';
import { type ActorDefinition, defineActor } from '../actor/define-actor.ts';
import type { Configuration } from '../bios/configuration.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { MotherboardProtocol } from '../protocol/motherboard.protocol.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Motherboard, MotherboardOptions } from './motherboard.ts';

/** The motherboard as other parts reach it. Inline: it only reads what the main thread knows. */
export function motherboardActor(machine: {
  readonly motherboard: Motherboard;
  readonly lifecycle: Lifecycle;
  readonly version: string;
  readonly options: Pick<MotherboardOptions, 'post' | 'onShutdown' | 'configuration'>;
}): ActorDefinition<null, MotherboardProtocol> {
  const { motherboard, lifecycle, version, options } = machine;
  const configuration = (): Configuration => {
    if (options.configuration !== undefined) return options.configuration;
    throw new MagFlockError('MF643', 'this machine was given its settings and has no file of them');
  };
  return defineActor<null, MotherboardProtocol>({
    name: 'motherboard',
    version,
    // A health check that waits must not hold up a restart.
    concurrency: 64,
    // What others have spawned here must not end the machine.
    supervision: { onIntensity: 'quarantine' },
    init: () => null,
    methods: {
      status: async () => ({
        pid: process.pid,
        version,
        startedAt: lifecycle.startedAt,
        parts: await motherboard.status(),
      }),
      healthCheck: async () => (await motherboard.healthCheck()).parts,
      restart: async (_state, { part }) => ({ incarnation: await motherboard.restart(part) }),
      swap: (_state, { part, module, force }) =>
        motherboard.swap(part, {
          ...(module === undefined ? {} : { module: pathToFileURL(module) }),
          ...(force === undefined ? {} : { force }),
        }),
      reloadSettings: () => motherboard.configure(configuration().read().settings),
      async setSetting(_state, { name, value }) {
        const { settings, overruledBy } = configuration().write(name, value);
        const change = await motherboard.configure(settings);
        return overruledBy === undefined ? change : { ...change, overruledBy };
      },
      shutdown: (_state, { reason }) => {
        // After the answer is on its way: the asker is one of those that will be stopped.
        setImmediate(() => options.onShutdown?.(reason));
        return { stopping: options.onShutdown !== undefined };
      },
      metrics: () => motherboard.metrics(),
      tree: (_state, request) => motherboard.tree.tree(request),
      actor: (_state, request) => motherboard.tree.actor(request),
      trace: (_state, request) => motherboard.tree.trace(request),
      suspend: (_state, request) => motherboard.tree.suspend(request),
      resume: (_state, request) => motherboard.tree.resume(request),
      restartActor: (_state, request) => motherboard.tree.restartActor(request),
      post: () => options.post?.() ?? [],
      deadLetters: (_state, { limit }) => motherboard.deadLetterOffice.list(limit),
      replayDeadLetter: (_state, { id }) => motherboard.deadLetterOffice.replay(id),
      clearDeadLetters: () => motherboard.deadLetterOffice.clear(),
    },
  });
}
