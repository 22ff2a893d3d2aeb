import type { AnyActor } from '../actor/any-actor.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { actorFacts } from './actor-facts.ts';
import type { ActorHost } from './actor-host.ts';
import { definitionFacts } from './definition-facts.ts';
import { handOver } from './hand-over.ts';
import { introspection } from './introspection.ts';
import type { AnyReplica } from './replica-slot.ts';
import { Succession } from './succession.ts';
import type { ReplicaOrder, ThreadOrders } from './thread-control.ts';

type Orders = {
  readonly [O in keyof ThreadOrders]: (
    request: Parameters<ThreadOrders[O]>[0],
  ) => ReturnType<ThreadOrders[O]> | Promise<ReturnType<ThreadOrders[O]>>;
};

/** Milliseconds a thread that ends waits for room for what it has still to say; less than it gets to end. */
const idleMs = 1_500;

/** The orders of the main thread, carried out on the runtime of this thread. */
export function carryOutOrders(host: ActorHost, metrics: Metrics): Orders {
  const carried = new Set<string>();
  const successions = new Map<string, Succession>();

  /** Starts those replicas that this thread does not carry yet, in order: each may use those before it. */
  async function carry(replicas: readonly ReplicaOrder[]): Promise<void> {
    const modules = await Promise.all(replicas.map(({ module }) => import(module)));
    for (const [index, replica] of replicas.entries()) {
      if (carried.has(replica.name)) continue;
      const definition = exported<AnyReplica>(modules[index], 'replica', replica.module);
      await host.replicas.start(replica.name, definition, replica.args);
      carried.add(replica.name);
    }
  }

  return {
    ...introspection(host),
    async load({ modules }) {
      // One that cannot be loaded is reported by `start`, which knows whose it is.
      await Promise.allSettled(modules.map((href) => import(href)));
    },
    async start(order) {
      const [module] = await Promise.all([import(order.module), carry(order.replicas)]);
      const written = exported<AnyActor>(module, 'actor', order.module);
      const { name, incarnation, args, handedOver, concurrency } = order;
      const definition = concurrency === undefined ? written : { ...written, concurrency };
      const make = handedOver === undefined ? undefined : handOver.adopting(definition, handedOver);
      host.cell(name).extras.quotas = order.quotas;
      await host.start(name, incarnation, definition, args, make);
      return { waits: host.cell(name).waits };
    },
    synchronise: ({ name, threads }) => host.synchronise(name, threads),
    async open({ name }) {
      await host.replicas.current();
      host.open(name);
    },
    stop: ({ name }) => host.stop(name),
    async end() {
      await host.replicas.stop();
      await host.flushTracing();
      // What its actors have said and others had no room for yet.
      await host.idle(idleMs);
      host.close();
    },
    async describe({ name, module }) {
      const definition =
        module === undefined
          ? host.cell(name).definition
          : exported<AnyActor>(await import(module), 'actor', module);
      if (definition === undefined) throw new MagFlockError('MF607', `${name} does not run here`);
      return definitionFacts(definition);
    },
    carry: ({ replicas }) => carry(replicas),
    suspend: ({ name }) => handOver.suspend(host.cell(name)),
    resume: ({ name, reopen }) => handOver.resume(host.cell(name), reopen),
    export: ({ name }) => handOver.export(host.cell(name)),
    async succeed({ name, incarnation, module, args }) {
      const definition = exported<AnyActor>(await import(module), 'actor', module);
      const succession = new Succession(host, host.cell(name), definition, incarnation);
      successions.set(name, succession);
      await succession.begin(args);
      return { waits: succession.waits };
    },
    takeOver: ({ name }) => successions.get(name)?.takeOver(),
    async endSuccession({ name }) {
      const succession = successions.get(name);
      successions.delete(name);
      if (succession !== undefined) await succession.end();
      else host.cell(name).resume();
    },
    probe({ name }) {
      const succession = successions.get(name);
      if (succession !== undefined) return succession.probe();
      const { definition, state } = host.cell(name);
      return handOver.probe(definition, state);
    },
    routes: ({ routes }) => host.routes.update(routes),
    topics: ({ changes }) => host.topics.update(changes),
    async retire({ name }) {
      try {
        await handOver.retire(host.cell(name));
      } finally {
        host.abandon(name);
        await host.idle();
      }
    },
    healthCheck: ({ name }) => host.cell(name).healthCheck(),
    capabilities: ({ name }) => host.cell(name).capabilities(),
    configure: ({ settings, changed }) => host.configure(settings, changed),
    facts: () => actorFacts(host),
    metrics: () => metrics.getMetricsAsJSON(),
  };
}

function exported<T>(module: unknown, name: 'actor' | 'replica', href: string): T {
  const value = (module as Record<string, unknown> | undefined)?.[name];
  if (typeof value === 'object' && value !== null) return value as T;
  throw new MagFlockError('MF608', `${href} does not export ${name}`, {
    fix: `export const ${name} = define${name === 'actor' ? 'Actor' : 'Replica'}({ … })`,
  });
}
