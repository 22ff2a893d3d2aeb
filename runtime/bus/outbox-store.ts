/** An event as the outbox takes it. */
export interface OutboxEvent {
  /** UUID; an event that is put twice is kept once. */
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly payload: string;
  /** ISO 8601. */
  readonly at: string;
}

/** An event on its way to one subscriber. */
export interface Delivery extends OutboxEvent {
  /** Failed deliveries before this one. */
  readonly attempts: number;
}

/** An event that one subscriber failed to take too often. */
export interface UndeliveredEvent extends OutboxEvent {
  readonly subscriber: string;
  readonly attempts: number;
  readonly error: string;
}

/**
 * Events that wait for durable subscribers. An event is kept for those who had subscribed to it when it was put;
 * each of them has it until it acknowledges, also over restarts of everything.
 *
 * All throw MF503 when the database is away and MF506 when its disk is full; then nothing was done.
 */
export interface OutboxStore {
  /** From now on events of this name are kept for the subscriber. Again changes nothing. */
  subscribe(request: { readonly subscriber: string; readonly event: string }): Promise<void>;
  /** The subscriber wants no more, and nothing of what waits. */
  unsubscribe(request: { readonly subscriber: string }): Promise<void>;
  /** Names of all events that have a subscriber. */
  names(request: null): Promise<readonly string[]>;
  put(request: { readonly events: readonly OutboxEvent[] }): Promise<void>;
  /** What is due for a subscriber, oldest first. It stays until acknowledged. */
  take(request: { readonly subscriber: string; readonly limit: number }): Promise<readonly Delivery[]>;
  acknowledge(request: { readonly subscriber: string; readonly ids: readonly string[] }): Promise<void>;
  /** Due again after `retryMs` milliseconds; null gives up: it goes to the dead letters. */
  fail(request: {
    readonly subscriber: string;
    readonly id: string;
    readonly error: string;
    readonly retryMs: number | null;
  }): Promise<void>;
  /** The dead letters, newest first. */
  undelivered(request: { readonly limit: number }): Promise<readonly UndeliveredEvent[]>;
  /** Dead letters of this event become due again. @returns to how many subscribers */
  replay(request: { readonly id: string }): Promise<{ readonly subscribers: number }>;
  /** Forgets all dead letters. */
  discard(request: null): Promise<{ readonly removed: number }>;
  /**
   * Keeps the outbox bounded: removes events that nobody waits for and that are older than `keepMs` (until then a
   * second `put` is recognised), and of each subscriber what exceeds the newest `mostPerSubscriber`.
   * @returns how many deliveries were given up
   */
  sweep(request: {
    readonly keepMs: number;
    readonly mostPerSubscriber: number;
  }): Promise<{ readonly dropped: number }>;
}
