import type { AnyActor } from '../actor/actor-cell.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import { childBudget } from '../supervision/child-budget.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { ActorHost } from './actor-host.ts';
import type { Placement, StartedChild } from './placement.ts';
import { within } from './within.ts';

/** Actors in the main thread itself: tiny, trusted ones, and tests. What blocks there blocks the machine. */
export class InlinePlacement implements Placement {
  readonly #host: ActorHost;

  constructor(host: ActorHost) {
    this.#host = host;
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

  healthCheck(spec: ChildSpec, timeoutMs: number): Promise<Health> {
    return within(timeoutMs, this.#host.cell(spec.id).healthCheck(), `${spec.id} did not say how it is`);
  }

  async capabilities(spec: ChildSpec): Promise<readonly string[]> {
    return this.#host.cell(spec.id).capabilities();
  }
}
