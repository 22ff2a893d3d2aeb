import { type ActorDefinition, defineActor } from '../actor/define-actor.ts';
import type { MotherboardProtocol } from '../protocol/motherboard.protocol.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Motherboard, MotherboardOptions } from './motherboard.ts';

/** The motherboard as other parts reach it. Inline: it only reads what the main thread knows. */
export function motherboardActor(machine: {
  readonly motherboard: Motherboard;
  readonly lifecycle: Lifecycle;
  readonly version: string;
  readonly options: Pick<MotherboardOptions, 'post' | 'onShutdown'>;
}): ActorDefinition<null, MotherboardProtocol> {
  const { motherboard, lifecycle, version, options } = machine;
  return defineActor<null, MotherboardProtocol>({
    name: 'motherboard',
    version,
    // A health check that waits must not hold up a restart.
    concurrency: 64,
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
      shutdown: (_state, { reason }) => {
        // After the answer is on its way: the asker is one of those that will be stopped.
        setImmediate(() => options.onShutdown?.(reason));
        return { stopping: options.onShutdown !== undefined };
      },
      metrics: () => motherboard.metrics(),
      post: () => options.post?.() ?? [],
    },
  });
}
