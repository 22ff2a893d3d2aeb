import type { AnyActor } from '../actor/actor-cell.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { actorFacts } from './actor-facts.ts';
import type { ActorHost } from './actor-host.ts';
import type { AnyReplica } from './replica-slot.ts';
import type { StartOrder, ThreadOrders } from './thread-control.ts';

type Orders = {
  readonly [O in keyof ThreadOrders]: (
    request: Parameters<ThreadOrders[O]>[0],
  ) => ReturnType<ThreadOrders[O]> | Promise<ReturnType<ThreadOrders[O]>>;
};

/** The orders of the main thread, carried out on the runtime of this thread. */
export function carryOutOrders(host: ActorHost, metrics: Metrics): Orders {
  const carried = new Set<string>();

  return {
    async load({ modules }) {
      // One that cannot be loaded is reported by `start`, which knows whose it is.
      await Promise.allSettled(modules.map((href) => import(href)));
    },
    async start(order) {
      const [actorModule, ...replicaModules] = await loadModules(order);
      for (const [index, replica] of order.replicas.entries()) {
        if (carried.has(replica.name)) continue;
        const definition = exported<AnyReplica>(replicaModules[index], 'replica', replica.module);
        await host.startReplica(replica.name, definition, replica.args);
        carried.add(replica.name);
      }
      const definition = exported<AnyActor>(actorModule, 'actor', order.module);
      await host.start(order.name, order.incarnation, definition, order.args);
      return { waits: host.cell(order.name).waits };
    },
    synchronise: ({ name, threads }) => host.synchronise(name, threads),
    async open({ name }) {
      await host.replicasCurrent();
      host.open(name);
    },
    stop: ({ name }) => host.stop(name),
    async end() {
      await host.stopReplicas();
      host.close();
    },
    healthCheck: ({ name }) => host.cell(name).healthCheck(),
    capabilities: ({ name }) => host.cell(name).capabilities(),
    facts: () => actorFacts(host),
    metrics: () => metrics.getMetricsAsJSON(),
  };
}

function loadModules(order: StartOrder): Promise<unknown[]> {
  return Promise.all(
    [order.module, ...order.replicas.map(({ module }) => module)].map((href) => import(href)),
  );
}

function exported<T>(module: unknown, name: 'actor' | 'replica', href: string): T {
  const value = (module as Record<string, unknown> | undefined)?.[name];
  if (typeof value === 'object' && value !== null) return value as T;
  throw new MagFlockError('MF608', `${href} does not export ${name}`, {
    fix: `export const ${name} = define${name === 'actor' ? 'Actor' : 'Replica'}({ … })`,
  });
}
