import type { AnyActor } from '../actor/any-actor.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import { childBudget } from '../supervision/child-budget.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { ActorHost } from './actor-host.ts';
import { carryOutOrders } from './carry-out-orders.ts';
import { CellSuccessor } from './cell-successor.ts';
import type { Placement, StartedChild } from './placement.ts';
import type { Successor, SuccessorRequest } from './successor.ts';
import { SwapGuard } from './swap-guard.ts';
import { within } from './within.ts';

/** Actors in the main thread itself: tiny, trusted ones, and tests. What blocks there blocks the machine. */
export class InlinePlacement implements Placement {
  readonly #host: ActorHost;
  readonly #orders: ReturnType<typeof carryOutOrders>;
  readonly #swaps = new Map<string, SwapGuard>();

  constructor(host: ActorHost) {
    this.#host = host;
    this.#orders = carryOutOrders(host, host.metrics);
  }

  threadOf(): string {
    return this.#host.thread;
  }

  async start(spec: ChildSpec, incarnation: number): Promise<StartedChild> {
    const start = async () => {
      const module = (await import(spec.module.href)) as { actor?: AnyActor };
      if (module.actor === undefined) {
        throw new MagFlockError('MF608', `${spec.module.href} does not export actor`);
      }
      this.#host.cell(spec.id).extras.quotas = spec.quotas;
      await this.startDefinition(spec.id, incarnation, module.actor, spec.args);
    };
    await within(childBudget(spec).startMs, start(), `${spec.id} did not start`, () =>
      this.#host.abandon(spec.id),
    );
    return { waits: this.#host.cell(spec.id).waits };
  }

  /** Starts an actor that is at hand as a value; for actors that hold functions of their maker. */
  async startDefinition(name: string, incarnation: number, actor: AnyActor, args: unknown): Promise<void> {
    await this.#host.start(name, incarnation, actor, args);
  }

  async synchronise(spec: ChildSpec, threads: readonly string[]): Promise<void> {
    await this.#host.synchronise(spec.id, threads);
  }

  async open(spec: ChildSpec): Promise<void> {
    this.#host.open(spec.id);
  }

  async stop(spec: ChildSpec): Promise<'stopped' | 'killed'> {
    await this.#swaps.get(spec.id)?.abort();
    try {
      await within(childBudget(spec).stopMs, this.#host.stop(spec.id), `${spec.id} did not stop`, () =>
        this.#host.abandon(spec.id),
      );
      return 'stopped';
    } catch (error) {
      if (MagFlockError.is(error) && error.code === 'MF602') return 'killed';
      throw error;
    }
  }

  successor(spec: ChildSpec, request: SuccessorRequest): Successor {
    const guard = new SwapGuard(spec.id);
    this.#swaps.set(spec.id, guard);
    return new CellSuccessor({
      ...request,
      ...childBudget(spec),
      guard,
      name: spec.id,
      thread: this.#host.thread,
      order: (order, request, timeoutMs) => {
        const work = async () => this.#orders[order](request as never);
        // What hangs here is left behind, but not its timer.
        const done = order === 'endSuccession' ? work() : Promise.race([work(), guard.aborted]);
        return within(timeoutMs, done, `the main thread did not ${order}`) as never;
      },
      ended: () => false,
      settled: () => this.#swaps.delete(spec.id),
    });
  }

  healthCheck(spec: ChildSpec, timeoutMs: number): Promise<Health> {
    return within(timeoutMs, this.#host.cell(spec.id).healthCheck(), `${spec.id} did not say how it is`);
  }

  async capabilities(spec: ChildSpec): Promise<readonly string[]> {
    return this.#host.cell(spec.id).capabilities();
  }
}
