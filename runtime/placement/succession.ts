import type { ActorCell } from '../actor/actor-cell.ts';
import type { AnyActor } from '../actor/any-actor.ts';
import { CellContext } from '../actor/cell-context.ts';
import type { Tenancy } from '../actor/cell-extras.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import type { ActorHost } from './actor-host.ts';
import { handOver } from './hand-over.ts';

/**
 * The next incarnation of an actor in the cell of the running one, which is suspended. The mailbox and the children
 * stay; until `takeOver` nothing of the old one is lost.
 */
export class Succession {
  readonly #host: ActorHost;
  readonly #cell: ActorCell;
  readonly #definition: AnyActor;
  readonly #incarnation: number;
  readonly #former: {
    readonly definition: AnyActor | undefined;
    readonly state: unknown;
    readonly tenancy: Tenancy | undefined;
  };
  #state: unknown;
  #started = false;
  #taken = false;
  #publisher: (took: boolean) => void = () => {};

  constructor(host: ActorHost, cell: ActorCell, definition: AnyActor, incarnation: number) {
    this.#host = host;
    this.#cell = cell;
    this.#definition = definition;
    this.#incarnation = incarnation;
    this.#former = { definition: cell.definition, state: cell.state, tenancy: cell.extras.tenancy };
  }

  /** Hands the state over and starts the next incarnation with it. */
  async begin(args: unknown): Promise<void> {
    const { exported, fromVersion } = await handOver.export(this.#cell);
    let copied: unknown;
    try {
      // As between threads: neither may change what the other one has.
      copied = structuredClone(exported);
    } catch (cause) {
      throw new MagFlockError('MF614', `the state of ${this.#cell.name} cannot be copied`, { cause });
    }
    // What the new one begins is its own, to be ended with it.
    this.#cell.extras.tenancy = undefined;
    const context = new CellContext(this.#cell, this.#host, this.#incarnation);
    const make = handOver.adopting(this.#definition, { exported: copied, fromVersion });
    this.#state = await make(context, args);
    this.#publisher = this.#host.succeed(this.#cell, this.#incarnation, this.#definition, this.#state);
    await this.#definition.start?.(this.#state);
    this.#started = true;
  }

  get waits(): boolean {
    return this.#definition.mailbox?.overflow === 'wait';
  }

  probe(): Health | Promise<Health> {
    return handOver.probe(this.#definition, this.#state);
  }

  /** Puts the next incarnation in its place; its messages run. Throws MF642 when the old one has ended meanwhile. */
  takeOver(): void {
    if (this.#cell.phase !== 'ready' || !this.#cell.suspended) {
      throw new MagFlockError('MF642', `${this.#cell.name} ended while it was to be swapped`);
    }
    this.#taken = true;
    this.#cell.take(this.#definition, this.#state, this.#incarnation);
    this.#publisher(true);
    // Nobody is to be overtaken when the new version does not make its senders wait any more.
    if (!this.waits) for (const message of this.#cell.waitRoom.clear()) this.#cell.enqueue(message);
    this.#cell.resume();
  }

  /** Ends the old incarnation when the next one is in its place, else the next one: then the old one goes on. */
  async end(): Promise<void> {
    const { definition, state, tenancy } = this.#former;
    if (this.#taken) {
      tenancy?.stopping();
      await this.#stop(definition, state);
      tenancy?.close();
      return;
    }
    this.#publisher(false);
    const { extras } = this.#cell;
    const begun = extras.tenancy === tenancy ? undefined : extras.tenancy;
    extras.tenancy = tenancy;
    begun?.stopping();
    if (this.#started) await this.#stop(this.#definition, this.#state);
    begun?.close();
    if (this.#cell.suspended) this.#cell.resume();
  }

  async #stop(definition: AnyActor | undefined, state: unknown): Promise<void> {
    try {
      await definition?.stop?.(state);
    } catch (error) {
      this.#host.failed(this.#cell, 'stop', error);
    }
  }
}
