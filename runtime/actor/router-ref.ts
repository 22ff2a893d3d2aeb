import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import type { ActorRef, AskOptions } from './actor-ref.ts';
import { HashRing } from './hash-ring.ts';
import type { RouterOptions, RouterStrategy } from './router.ts';

type AnyRef = ActorRef<Record<string, (payload: unknown) => unknown>>;

/** What a router needs of the actor that made it. */
export interface RouterOwner {
  readonly path: string;
  /** The cell of a ref, when it is in this thread. */
  cellOf(ref: AnyRef): ActorCell | undefined;
  /** Calls back when the actor has ended; returns the end of the watch. */
  watch(ref: AnyRef, ended: () => void): () => void;
  /** Starts another actor of the router's own; undefined for a router of given ones. */
  readonly spawn: (() => AnyRef) | undefined;
  stop(ref: AnyRef): void;
  failed(error: unknown): void;
  /** A tell for which there is nobody. */
  lost(method: string, payload: unknown, error: MagFlockError): void;
}

interface Routee {
  readonly ref: AnyRef;
  /** Keeps its place on the ring when one of its own is replaced. */
  readonly place: string;
  readonly own: boolean;
  /** Asks that are not answered. */
  flying: number;
  unwatch(): void;
}

/** So many of a router's own are replaced in this time, and no more. */
const replaceLimit = 100;
const replacePeriodMs = 10_000;

/** See `Router`. */
export class RouterRef {
  /** It is of this thread; a function among its members makes the attempt to clone it fail loudly. */
  readonly notCloneable = (): void => {};
  readonly path: string;
  readonly #owner: RouterOwner;
  readonly #options: RouterOptions<RouterStrategy>;
  #routees: readonly Routee[] = [];
  #ring: HashRing<Routee> | undefined;
  #turn = 0;
  #replaced: number[] = [];

  /** @param size how many of its own it starts */
  constructor(
    owner: RouterOwner,
    options: RouterOptions<RouterStrategy>,
    given: readonly AnyRef[],
    size: number,
  ) {
    if (options.strategy === 'consistent-hash' && options.key === undefined) {
      throw new MagFlockError('MF608', `a router of ${owner.path} by consistent-hash needs key`);
    }
    this.path = owner.path;
    this.#owner = owner;
    this.#options = options;
    for (const ref of given) this.add(ref);
    for (let place = 0; place < size; place++) this.#spawn(`own ${place}`);
  }

  get routees(): readonly AnyRef[] {
    return this.#routees.map(({ ref }) => ref);
  }

  add(ref: AnyRef): void {
    this.#put(ref, ref.path, false);
  }

  remove(ref: AnyRef): void {
    const routee = this.#routees.find((each) => each.ref === ref || each.ref.path === ref.path);
    if (routee === undefined) return;
    routee.unwatch();
    this.#take(routee);
    if (routee.own) this.#owner.stop(routee.ref);
  }

  ask(method: string, payload: unknown, options?: AskOptions): Promise<unknown> {
    if (this.#options.strategy === 'broadcast') {
      return Promise.allSettled(this.#routees.map((routee) => routee.ref.ask(method, payload, options)));
    }
    const routee = this.#choose(method, payload);
    return routee === undefined
      ? Promise.reject(this.#nobody())
      : this.#ask(routee, method, payload, options);
  }

  tell(method: string, payload: unknown): void {
    if (this.#options.strategy === 'broadcast' && this.#routees.length > 0) {
      for (const { ref } of this.#routees) ref.tell(method, payload);
      return;
    }
    const routee = this.#choose(method, payload);
    if (routee === undefined) this.#owner.lost(method, payload, this.#nobody());
    else routee.ref.tell(method, payload);
  }

  async #ask(routee: Routee, method: string, payload: unknown, options?: AskOptions): Promise<unknown> {
    routee.flying += 1;
    try {
      return await routee.ref.ask(method, payload, options);
    } finally {
      routee.flying -= 1;
    }
  }

  #choose(method: string, payload: unknown): Routee | undefined {
    switch (this.#options.strategy) {
      case 'consistent-hash':
        this.#ring ??= new HashRing(this.#routees.map((routee) => [routee.place, routee]));
        return this.#ring.at(
          (this.#options.key as (method: string, payload: unknown) => string)(method, payload),
        );
      case 'least-mailbox':
        return this.#leastBusy();
      default:
        return this.#routees[this.#turn++ % Math.max(1, this.#routees.length)];
    }
  }

  #leastBusy(): Routee | undefined {
    const count = this.#routees.length;
    let best: Routee | undefined;
    let least = Number.POSITIVE_INFINITY;
    // Beginning with another one each time, so that equals take turns.
    const first = this.#turn++;
    for (let at = 0; at < count; at++) {
      const routee = this.#routees[(first + at) % count] as Routee;
      const cell = this.#owner.cellOf(routee.ref);
      const busy = cell === undefined ? routee.flying : cell.waiting + cell.running;
      if (busy >= least) continue;
      least = busy;
      best = routee;
    }
    return best;
  }

  #spawn(place: string): void {
    const ref = this.#owner.spawn?.();
    if (ref !== undefined) this.#put(ref, place, true);
  }

  /** In the place of one that has ended; not when they end one after the other. */
  #replace(place: string): void {
    const now = performance.now();
    this.#replaced = this.#replaced.filter((at) => now - at < replacePeriodMs);
    try {
      if (this.#replaced.length >= replaceLimit) {
        throw new MagFlockError('MF607', `more than ${replaceLimit} routees ended in ${replacePeriodMs} ms`);
      }
      this.#replaced.push(now);
      this.#spawn(place);
    } catch (error) {
      this.#owner.failed(error);
    }
  }

  #put(ref: AnyRef, place: string, own: boolean): void {
    const routee: Routee = { ref, place, own, flying: 0, unwatch: () => {} };
    this.#routees = [...this.#routees, routee];
    this.#ring = undefined;
    routee.unwatch = this.#owner.watch(ref, () => {
      this.#take(routee);
      if (own) this.#replace(place);
    });
  }

  #take(routee: Routee): void {
    this.#routees = this.#routees.filter((each) => each !== routee);
    this.#ring = undefined;
  }

  #nobody(): MagFlockError {
    return new MagFlockError('MF607', `the router of ${this.path} has nobody to send to`);
  }
}
