/** A topic as an actor sees it: whoever subscribes gets what others publish, in whatever thread. */
export interface Topic<T> {
  readonly name: string;
  /**
   * Sends to all who subscribe now. The messages of one publisher arrive in the order in which it published them.
   * @param message structured-cloneable; shared by the subscribers of a thread, to be treated as read-only
   * @returns nothing when there was room, else a promise that resolves when there is: a subscriber with a mailbox
   * of policy `wait` is behind. A publisher that does not wait has what it publishes held for it, up to a limit.
   */
  publish(message: T): void | Promise<void>;
  /**
   * @param handler runs as a message of this actor, bounded by its mailbox: what finds no room there goes to the
   * dead letters. A name stands for the method of this actor.
   */
  subscribe(handler: ((message: T) => void | Promise<void>) | string): TopicSubscription;
}

/** Ends the subscription; it ends with its incarnation anyway. */
export interface TopicSubscription {
  (): void;
  /** Resolves when every thread knows of it: what is published from then on arrives. */
  readonly known: Promise<void>;
}
