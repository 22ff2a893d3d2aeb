import type { EventName, EventPayload } from './event-catalog.ts';

/** An actor's socket on the event bus. */
export interface EventPort {
  /** Announces; returns at once. Never throws for a slow or absent subscriber. */
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  /**
   * Subscribes to one event. Higher priority runs first; default 0.
   * @returns a function that ends the subscription
   */
  on<N extends EventName>(
    name: N,
    handler: (payload: EventPayload<N>) => void | Promise<void>,
    options?: { readonly priority?: number },
  ): () => void;
}
