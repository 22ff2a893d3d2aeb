import { MagFlockError } from '../errors/magflock-error.ts';
import { createEndOfTick } from '../port/end-of-tick.ts';
import { checkEvent } from './check-event.ts';
import { DurableSubscription } from './durable-subscription.ts';
import type { EventName, EventPayload } from './event-catalog.ts';
import type { DurableEnd, DurableOptions, EventDelivery, EventPort } from './event-port.ts';
import type { Flow } from './flow.ts';
import { outboxEvent } from './outbox-event.ts';
import type { OutboxStore } from './outbox-store.ts';

/** Name, payload, name, payload … : one array per post. */
export type EventBatch = readonly unknown[];

/** The way to the hub in the main thread. */
export interface HubConnection {
  emit(batch: EventBatch): void;
  /** This thread has its first, or no more, subscriber to an event. */
  interested(name: string, interested: boolean): void;
  /** An event that reached not everybody it should. */
  lost(
    name: string,
    reason: 'invalid-event' | 'subscriber-failed' | 'subscriber-behind' | 'bus-full' | 'undelivered',
    error: unknown,
  ): void;
  /** One more of the same, of which only the number matters. */
  missed(reason: 'subscriber-behind' | 'bus-full'): void;
  /** Bounds what is on its way to the hub, and counts what has come from there; none in the main thread. */
  readonly flows?: { readonly toHub: Flow; readonly toThread: Flow };
}

/** Who has a port on the bus. */
export interface PortOwner {
  /** Stable name, for durable subscriptions. */
  readonly path: string;
  /** Runs a handler between messages of the owner; default: at once. */
  run?(job: () => void | Promise<void>): void;
  /** Could a handler run now, because nothing of the owner runs or waits? Then `handle` may be called. */
  atRest?(): boolean;
  /** Runs a handler now. @returns what it returned */
  handle?(handler: (payload: never) => unknown, payload: unknown): unknown;
  /** Told when one of its handlers throws. */
  failed(error: unknown): void;
  /** Where events for durable subscribers are kept. */
  outbox?(): OutboxStore;
}

interface Subscription {
  readonly priority: number;
  readonly handler: (payload: never) => void | Promise<void>;
  readonly seat: Seat;
  /** Has it ever returned a promise? Then it runs as a job, which is found after each await. */
  awaits: boolean;
}

/** An owner with what waits for it. */
interface Seat {
  readonly owner: PortOwner;
  waiting: number;
  behind: boolean;
  closed: boolean;
}

/** Events that may wait for one actor. */
const mostWaiting = 10_000;
const asyncFunction = Object.getPrototypeOf(async () => {}).constructor as () => void;

/**
 * The event bus in one thread. Everything goes through the hub, also to subscribers of the same thread, so that
 * all see the events of one sender in the same order.
 */
export class ThreadEvents {
  readonly #hub: HubConnection;
  readonly #subscriptions = new Map<string, readonly Subscription[]>();
  readonly #flushLater: () => void;
  #batch: unknown[] = [];
  #full = false;

  constructor(hub: HubConnection) {
    this.#hub = hub;
    this.#flushLater = createEndOfTick(() => this.flush());
  }

  /** @returns the port of one owner, and a function that ends its subscriptions */
  port(owner: PortOwner): { readonly port: EventPort; readonly close: () => void } {
    const seat: Seat = { owner, waiting: 0, behind: false, closed: false };
    const ends = new Set<() => void>();
    const begin = (end: () => void): (() => void) => {
      const once = () => {
        ends.delete(once);
        end();
      };
      ends.add(once);
      return once;
    };
    const port: EventPort = {
      emit: (name, payload) => this.#emit(name, payload, owner),
      on: (name, handler, options) =>
        begin(
          this.#on(name, {
            priority: options?.priority ?? 0,
            handler,
            seat,
            awaits: handler instanceof asyncFunction,
          }),
        ),
      onDurable: (name, handler, options = {}) => this.#onDurable(name, handler, options, seat, begin),
    };
    const close = () => {
      seat.closed = true;
      for (const end of ends) end();
    };
    return { port: port satisfies EventPort, close };
  }

  /** Events from the hub for the subscribers of this thread. */
  deliver(batch: EventBatch): void {
    this.#hub.flows?.toThread.taken(batch.length / 2);
    for (let at = 0; at < batch.length; at += 2) this.#run(batch[at] as string, batch[at + 1]);
  }

  flush(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#hub.emit(batch);
  }

  #emit<N extends EventName>(name: N, payload: EventPayload<N>, owner: PortOwner): void {
    try {
      checkEvent(name, payload);
    } catch (error) {
      // Announcing must not fail the one who announces.
      owner.failed(error);
      this.#hub.lost(name, 'invalid-event', error);
      return;
    }
    const toHub = this.#hub.flows?.toHub;
    if (toHub?.full === true) {
      this.#noRoom(name);
      return;
    }
    this.#full = false;
    toHub?.sent();
    this.#batch.push(name, payload);
    this.#flushLater();
  }

  #noRoom(name: string): void {
    if (this.#full) this.#hub.missed('bus-full');
    else this.#hub.lost(name, 'bus-full', new MagFlockError('MF603', 'the main thread takes no events'));
    this.#full = true;
  }

  #on(name: string, subscription: Subscription): () => void {
    const all = this.#subscriptions.get(name) ?? [];
    if (all.length === 0) this.#hub.interested(name, true);
    this.#subscriptions.set(
      name,
      // Stable: equal priorities run in the order of subscription.
      [...all, subscription].sort((a, b) => b.priority - a.priority),
    );
    return () => {
      const rest = (this.#subscriptions.get(name) ?? []).filter((each) => each !== subscription);
      if (rest.length === (this.#subscriptions.get(name)?.length ?? 0)) return;
      this.#subscriptions.set(name, rest);
      if (rest.length === 0) this.#hub.interested(name, false);
    };
  }

  async #onDurable<N extends EventName>(
    name: N,
    handler: (payload: EventPayload<N>, delivery: EventDelivery) => void | Promise<void>,
    options: DurableOptions,
    seat: Seat,
    begin: (end: () => void) => () => void,
  ): Promise<DurableEnd> {
    const { owner } = seat;
    const store = owner.outbox?.();
    if (store === undefined) {
      throw new MagFlockError('MF633', `${owner.path} cannot subscribe for good: only an actor can`);
    }
    const subscription = new DurableSubscription({
      subscriber: `${owner.path}#${options.name ?? name}`,
      event: name,
      store,
      attempts: options.attempts ?? 5,
      retryMs: options.retryMs ?? 1_000,
      handler: handler as (payload: unknown, delivery: EventDelivery) => void | Promise<void>,
      run: (job) => runInSeat(seat, job),
      undelivered: (error) => this.#hub.lost(name, 'undelivered', error),
      failed: (error) => owner.failed(error),
    });
    const ends = [begin(() => subscription.close())];
    await subscription.start();
    // From here on the hub keeps events of this name, and tells when there are new ones.
    const wake = () => subscription.wake();
    ends.push(
      begin(this.#on(outboxEvent.of(name), { priority: 0, handler: wake, seat: atOnce, awaits: false })),
    );
    const end = () => {
      for (const each of ends) each();
    };
    return Object.assign(end, {
      forget: async () => {
        end();
        await subscription.forget();
      },
    });
  }

  #run(name: string, payload: unknown): void {
    for (const subscription of this.#subscriptions.get(name) ?? []) {
      const { handler, seat } = subscription;
      const { owner } = seat;
      if (!subscription.awaits && seat.waiting === 0 && !seat.closed && owner.atRest?.() === true) {
        this.#runNow(name, subscription, payload);
        continue;
      }
      const handle = () => this.#handle(name, () => handler(payload as never), owner);
      if (owner.run === undefined) {
        void handle();
        continue;
      }
      if (seat.waiting >= mostWaiting) {
        this.#behind(name, seat);
        continue;
      }
      seat.behind = false;
      seat.waiting += 1;
      owner.run(() => {
        seat.waiting -= 1;
        // Of a former incarnation: its state is gone.
        if (!seat.closed) return handle();
      });
    }
  }

  #runNow(name: string, subscription: Subscription, payload: unknown): void {
    const { handler, seat } = subscription;
    try {
      const result = seat.owner.handle?.(handler, payload);
      if (!(result instanceof Promise)) return;
      subscription.awaits = true;
      result.catch((error: unknown) => this.#failed(name, seat.owner, error));
    } catch (error) {
      this.#failed(name, seat.owner, error);
    }
  }

  #failed(name: string, owner: PortOwner, error: unknown): void {
    owner.failed(error);
    this.#hub.lost(name, 'subscriber-failed', error);
  }

  #handle(name: string, handler: () => void | Promise<void>, owner: PortOwner): void | Promise<void> {
    try {
      const result = handler();
      if (result instanceof Promise) {
        return result.catch((error: unknown) => this.#failed(name, owner, error));
      }
    } catch (error) {
      this.#failed(name, owner, error);
    }
  }

  #behind(name: string, seat: Seat): void {
    const error = new MagFlockError('MF603', `${mostWaiting} events wait for ${seat.owner.path}`);
    if (seat.behind) this.#hub.missed('subscriber-behind');
    else this.#hub.lost(name, 'subscriber-behind', error);
    seat.behind = true;
  }
}

/** For what the bus does itself. */
const atOnce: Seat = { owner: { path: 'bus', failed() {} }, waiting: 0, behind: false, closed: false };

function runInSeat(seat: Seat, job: () => Promise<void>): Promise<boolean> {
  if (seat.owner.run === undefined) return job().then(() => true);
  return new Promise((resolve) => {
    seat.owner.run?.(async () => {
      if (!seat.closed) await job();
      resolve(!seat.closed);
    });
  });
}
