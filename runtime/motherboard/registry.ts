import type { ActorRef } from '../actor/actor-ref.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorHost } from '../placement/actor-host.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import { startOrder } from '../supervision/start-order.ts';

/** Names → refs, and what requires what. */
export class Registry {
  readonly #host: ActorHost;
  readonly #specs = new Map<string, ChildSpec>();
  readonly #builtIn: ReadonlySet<string>;

  /** @param builtIn actors that are part of the machine itself and have no specification */
  constructor(host: ActorHost, builtIn: readonly string[]) {
    this.#host = host;
    this.#builtIn = new Set(builtIn);
  }

  add(spec: ChildSpec): void {
    if (this.#builtIn.has(spec.id)) throw new MagFlockError('MF608', `${spec.id}.id is taken by the machine`);
    this.#specs.set(spec.id, spec);
  }

  remove(id: string): void {
    this.#specs.delete(id);
  }

  /** A ref to a registered part. Throws MF604. */
  get<N extends PartName>(name: N): ActorRef<PartProtocols[N]> {
    if (!this.#specs.has(name) && !this.#builtIn.has(name)) {
      throw new MagFlockError('MF604', `no part is registered as ${name}`, { details: { part: name } });
    }
    return this.#host.part(name, '/');
  }

  names(): readonly string[] {
    return [...this.#builtIn, ...this.#specs.keys()];
  }

  /** Order of start; throws MF608 for a missing requirement, MF609 for a cycle with its path. */
  resolve(): readonly string[] {
    return startOrder([...this.#specs.values()]).map(({ id }) => id);
  }
}
