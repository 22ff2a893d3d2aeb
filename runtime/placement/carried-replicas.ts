import { ActorTimers } from '../actor/actor-timers.ts';
import type { EventPort } from '../bus/event-port.ts';
import type { PortOwner } from '../bus/thread-events.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ReplicaApis, ReplicaName } from '../protocol/replica-apis.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ActorHost } from './actor-host.ts';
import type { ReplicaContext } from './define-replica.ts';
import type { ReplicaFrame } from './replica-frame.ts';
import { type AnyReplica, ReplicaSlot } from './replica-slot.ts';
import type { Route } from './route.ts';

/** What the replicas of a thread need beside its host. */
interface Outlets {
  send(thread: string, frame: ReplicaFrame): void;
  /** A replica could not apply a change: nothing in this thread can be trusted any more. */
  broken(error: Error): void;
  eventPort(owner: PortOwner): EventPort;
}

/** The copies of other parts' state that a thread carries. */
export class CarriedReplicas {
  readonly #host: ActorHost;
  readonly #outlets: Outlets;
  readonly #slots = new Map<string, ReplicaSlot>();

  constructor(host: ActorHost, outlets: Outlets) {
    this.#host = host;
    this.#outlets = outlets;
  }

  /** The functions of a replica. Throws MF611 where this thread carries none of that name. */
  api<N extends ReplicaName>(name: N): ReplicaApis[N] {
    const slot = this.#slots.get(name);
    if (slot === undefined) {
      throw new MagFlockError('MF611', `thread ${this.#host.thread} carries no replica of ${name}`, {
        fix: `list it under replicas in the child specification of the part that needs it`,
      });
    }
    return slot.api as ReplicaApis[N];
  }

  /** Owners and the life of theirs that each copy has its state from. */
  all(): readonly { readonly owner: string; readonly incarnation: number }[] {
    return [...this.#slots.values()].map(({ name, incarnation }) => ({ owner: name, incarnation }));
  }

  /** Starts a replica and waits for its first state. */
  async start(name: string, definition: AnyReplica, args: unknown): Promise<void> {
    const { routes } = this.#host;
    const slot = new ReplicaSlot({
      name,
      definition,
      send: (frame) => this.#outlets.send(ownerOf(routes.get(name))?.thread ?? '', frame),
      broken: (error) => this.#outlets.broken(error),
    });
    await slot.init(this.#context(name), args);
    this.#slots.set(name, slot);
    const route = await routes.when(name, ({ state }) => state === 'syncing' || state === 'ready');
    await slot.subscribe(ownerOf(route).incarnation);
  }

  /**
   * Resolves when every replica has the state of its owner's latest incarnation. An owner that restarted while
   * this thread was starting must not be served from its former life. One that is down is not waited for.
   */
  async current(): Promise<void> {
    for (const [name, slot] of this.#slots) {
      const down = this.#host.routes.watch(
        name,
        ({ state }) => state === 'pending' || state === 'unavailable',
      );
      await Promise.race([slot.current, down.promise]);
      down.stop();
    }
  }

  async stop(): Promise<void> {
    for (const slot of [...this.#slots.values()].reverse()) await slot.stop();
  }

  onFrame(frame: Exclude<ReplicaFrame, { readonly kind: 'subscribe' | 'applied' }>): void {
    this.#slots.get(frame.owner)?.onFrame(frame);
  }

  /** The route of an owner has changed. */
  follow(route: Route, before: Route | undefined): void {
    const replica = this.#slots.get(route.name);
    if (replica === undefined) return;
    const { incarnation } = ownerOf(route);
    if (before?.next !== undefined && before.next.incarnation !== incarnation) replica.rolledBack();
    const serves = route.state === 'syncing' || route.state === 'ready';
    // Its owner has started anew: take its state over. What it had is served until then.
    if (serves && replica.incarnation !== 0) void replica.subscribe(incarnation);
  }

  #context(name: string): ReplicaContext {
    const host = this.#host;
    const path = `/${host.thread}/${name}`;
    const log = host.logger(path);
    return {
      path,
      get settings() {
        return host.settings;
      },
      log,
      metrics: host.metrics,
      events: this.#outlets.eventPort({
        path,
        failed: (error) => log.error({ err: error }, 'event handler failed'),
      }),
      timers: new ActorTimers((job) => void runJob(job, log)),
      part: (part) => host.part(part, path),
      replica: (replica) => this.api(replica),
    };
  }
}

/** Where the state of an actor is to be had for its replicas. */
function ownerOf<R extends Route | undefined>(
  route: R,
): { readonly thread: string; readonly incarnation: number } | R {
  return route?.next ?? route;
}

async function runJob(job: () => void | Promise<void>, log: Logger): Promise<void> {
  try {
    await job();
  } catch (error) {
    log.error({ err: error }, 'timer failed');
  }
}
