import type { ActorRef } from '../actor/actor-ref.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorHost } from '../placement/actor-host.ts';
import type { PartName, PartProtocols } from '../protocol/part-protocols.ts';
import type { TreeSpec } from '../supervision/child-spec.ts';
import { flatten, startOrder } from '../supervision/start-order.ts';

/** Names → refs, and what requires what. */
export class Registry {
  readonly #host: ActorHost;
  readonly #specs = new Map<string, TreeSpec>();
  /** Ids of parts, those in groups included. */
  readonly #parts = new Set<string>();
  readonly #builtIn: ReadonlySet<string>;

  /** @param builtIn actors that are part of the machine itself and have no specification */
  constructor(host: ActorHost, builtIn: readonly string[]) {
    this.#host = host;
    this.#builtIn = new Set(builtIn);
  }

  /** Throws MF608 for an id that the machine itself has. */
  add(spec: TreeSpec): void {
    const all = flatten(spec);
    const taken = all.find(({ id }) => this.#builtIn.has(id));
    if (taken !== undefined) throw new MagFlockError('MF608', `${taken.id}.id is taken by the machine`);
    this.#specs.set(spec.id, spec);
    for (const each of all) if (!('supervisor' in each)) this.#parts.add(each.id);
  }

  remove(id: string): void {
    const spec = this.#specs.get(id);
    this.#specs.delete(id);
    for (const each of spec === undefined ? [] : flatten(spec)) this.#parts.delete(each.id);
    this.#parts.delete(id);
  }

  /** A ref to a registered part. Throws MF604. */
  get<N extends PartName>(name: N): ActorRef<PartProtocols[N]> {
    if (!this.#parts.has(name) && !this.#builtIn.has(name)) {
      throw new MagFlockError('MF604', `no part is registered as ${name}`, { details: { part: name } });
    }
    return this.#host.part(name, '/');
  }

  names(): readonly string[] {
    return [...this.#builtIn, ...this.#parts];
  }

  /** Order of start; throws MF608 for a missing requirement, MF609 for a cycle with its path. */
  resolve(): readonly string[] {
    return startOrder([...this.#specs.values()]).map(({ id }) => id);
  }
}
