import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { CpuProtocol } from '../../runtime/protocol/cpu.protocol.ts';
import type { GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type { ReplicaName } from '../../runtime/protocol/replica-apis.ts';
import { buildFront, type Front } from './front.ts';
import { sharePort } from './share-port.ts';

interface CpuArgs {
  /** Replica names of the gateways this thread serves. */
  readonly mounts: readonly string[];
}

interface CpuState {
  readonly context: ActorContext;
  readonly args: CpuArgs;
  /** Built when it listens: the replicas have their first state by then. */
  front: Front | undefined;
  address: { readonly host: string; readonly port: number } | undefined;
  /** False where this machine cannot share a port and another thread has it. */
  listening: boolean;
}

/** One CPU thread. The way of a request is in request-pipeline.ts. */
export const actor = defineActor<CpuState, CpuProtocol, CpuArgs>({
  name: 'cpu',
  version: '0.1.0',
  // A drain takes seconds; health must be answered meanwhile.
  concurrency: 4,
  init: (context, args) => ({ context, args, front: undefined, address: undefined, listening: false }),
  async stop(state) {
    await state.front?.listener.drain(state.context.settings['shutdown.drainMs']);
    await state.front?.stop();
    state.front = undefined;
  },
  healthCheck(state) {
    const { front, address } = state;
    if (front === undefined || address === undefined)
      return { status: 'degraded', summary: 'not listening yet' };
    const facts = { connections: front.listener.connections, inFlight: front.parts.inFlight.size };
    if (front.listener.draining) return { status: 'degraded', summary: 'draining', facts };
    if (!state.listening) return { status: 'ok', summary: 'idle: ports cannot be shared here', facts };
    return { status: 'ok', summary: `listening on ${address.host}:${address.port}`, facts };
  },
  getCapabilities(state) {
    const prefixes = state.front?.parts.mounts.map((mount) => mount.prefix) ?? [];
    return state.address === undefined ? ['HTTP'] : [`HTTP on port ${state.address.port}`, ...prefixes];
  },
  methods: {
    async listen(state, request) {
      state.front ??= frontOf(state);
      const { listener } = state.front;
      const shared = await sharePort(listener, request, state.context.path, state.context.log);
      state.address = shared.address;
      state.listening = shared.listening;
      return state.address;
    },
    async drain(state, request) {
      const report = await state.front?.listener.drain(request.timeoutMs);
      state.listening = false;
      return report ?? { finished: 0, forced: 0 };
    },
  },
});

function frontOf(state: CpuState): Front {
  const { context, args } = state;
  const audit = context.part('audit');
  return buildFront({
    settings: context.settings,
    log: context.log,
    level: () => context.settings['log.level'],
    metrics: context.metrics,
    replicas: {
      sentinel: context.replica('sentinel'),
      psu: context.replica('psu'),
      audit: context.replica('audit'),
      storage: context.replica('storage'),
      ...(args.mounts.includes('extensions') ? { extensions: context.replica('extensions') } : {}),
    },
    gateways: args.mounts.map((name) => context.replica(name as ReplicaName) as GatewayReplica),
    wakeAudit: (project) => audit.tell('wake', { project }),
  });
}
