import { createEndOfTick } from '../port/end-of-tick.ts';
import { checkEvent } from './check-event.ts';
import type { EventName, EventPayload } from './event-catalog.ts';
import type { EventPort } from './event-port.ts';

/** Name, payload, name, payload … : one array per post. */
export type EventBatch = readonly unknown[];

/** The way to the hub in the main thread. */
export interface HubConnection {
  emit(batch: EventBatch): void;
  /** This thread has its first, or no more, subscriber to an event. */
  interested(name: string, interested: boolean): void;
  /** An event that no schema fits, or a handler that threw. */
  lost(name: string, reason: 'invalid-event' | 'subscriber-failed', error: unknown): void;
}

interface Subscription {
  readonly priority: number;
  readonly handler: (payload: unknown) => void | Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * The event bus in one thread. Everything goes through the hub, also to subscribers of the same thread, so that
 * all see the events of one sender in the same order.
 */
export class ThreadEvents {
  readonly #hub: HubConnection;
  readonly #subscriptions = new Map<string, Subscription[]>();
  readonly #flushLater: () => void;
  #batch: unknown[] = [];

  constructor(hub: HubConnection) {
    this.#hub = hub;
    this.#flushLater = createEndOfTick(() => this.flush());
  }

  /**
   * The port of one actor.
   * @param onFailure told when one of its handlers throws
   * @returns the port, and a function that ends its subscriptions
   */
  port(onFailure: (error: unknown) => void): { readonly port: EventPort; readonly close: () => void } {
    const ends = new Set<() => void>();
    const port: EventPort = {
      emit: (name, payload) => this.#emit(name, payload, onFailure),
      on: (name, handler, options) => {
        const end = this.#on(name, {
          priority: options?.priority ?? 0,
          handler: handler as Subscription['handler'],
          onFailure,
        });
        ends.add(end);
        return () => {
          ends.delete(end);
          end();
        };
      },
    };
    const close = () => {
      for (const end of ends) end();
    };
    return { port: port satisfies EventPort, close };
  }

  /** Events from the hub for the subscribers of this thread. */
  deliver(batch: EventBatch): void {
    for (let at = 0; at < batch.length; at += 2) this.#run(batch[at] as string, batch[at + 1]);
  }

  flush(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#hub.emit(batch);
  }

  #emit<N extends EventName>(name: N, payload: EventPayload<N>, onFailure: (error: unknown) => void): void {
    try {
      checkEvent(name, payload);
    } catch (error) {
      // Announcing must not fail the one who announces.
      onFailure(error);
      this.#hub.lost(name, 'invalid-event', error);
      return;
    }
    this.#batch.push(name, payload);
    this.#flushLater();
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

  #run(name: string, payload: unknown): void {
    for (const { handler, onFailure } of this.#subscriptions.get(name) ?? []) {
      const failed = (error: unknown) => {
        onFailure(error);
        this.#hub.lost(name, 'subscriber-failed', error);
      };
      try {
        const result = handler(payload);
        if (result instanceof Promise) result.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}
