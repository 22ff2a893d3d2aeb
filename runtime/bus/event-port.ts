import type { EventName, EventPayload } from './event-catalog.ts';

/** How an event came to a durable subscriber. */
export interface EventDelivery {
  /** The same each time this event is delivered. */
  readonly id: string;
  /** When it was announced, ISO 8601. */
  readonly at: string;
  /** 1 for the first time. */
  readonly attempt: number;
}

export interface DurableOptions {
  /** Several durable subscriptions of one actor to one event need a name each. */
  readonly name?: string;
  /** Deliveries before the event goes to the dead letters; default 5. */
  readonly attempts?: number;
  /** Milliseconds before the second delivery; doubles up to a minute; default 1,000. */
  readonly retryMs?: number;
}

/** An actor's socket on the event bus. */
export interface EventPort {
  /** Announces; returns at once. Never throws for a slow or absent subscriber. */
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /**
   * Subscribes to one event. Higher priority runs first; default 0. The handler runs between messages of the actor.
   * @returns a function that ends the subscription
   */
  on<N extends EventName>(
    name: N,
    handler: (payload: EventPayload<N>) => void | Promise<void>,
    options?: { readonly priority?: number },
  ): () => void;
  /**
   * Subscribes for good: what is announced while the actor is away waits for it. Each event comes at least once, in
   * order except where a delivery failed, and is done when the handler has returned. The subscription outlives the
   * incarnation and the daemon; the next incarnation goes on with it when it subscribes again.
   * @returns when the subscription is kept: a function that pauses it, `forget` ends it with all that waits
   */
  onDurable<N extends EventName>(
    name: N,
    handler: (payload: EventPayload<N>, delivery: EventDelivery) => void | Promise<void>,
    options?: DurableOptions,
  ): Promise<DurableEnd>;
}

/** The two ends of a durable subscription. */
export interface DurableEnd {
  (): void;
  forget(): Promise<void>;
}
