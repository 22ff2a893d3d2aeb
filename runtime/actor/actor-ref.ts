/**
 * A protocol is an interface of methods with one payload each: `{ revoke(request: RevokeRequest): RevokeAnswer }`.
 * Methods are declared as they look to their implementer; callers always get a promise.
 */
// biome-ignore lint/suspicious/noExplicitAny: the one place where any payload is allowed, constrained by each protocol
export type Protocol = { readonly [method: string]: (payload: any) => unknown };

export type Payload<P, M extends keyof P> = P[M] extends (payload: infer A) => unknown ? A : never;
export type Reply<P, M extends keyof P> = P[M] extends (payload: never) => infer R ? Awaited<R> : never;

export interface AskOptions {
  /** Milliseconds from now; the deadline that travels is absolute and never later than the caller's own. */
  readonly timeoutMs?: number;
  /** Cancels the ask: it rejects with MF606 at once and the target is told. */
  readonly signal?: AbortSignal;
  /** Two user priorities; system messages have a lane of their own that users cannot name. */
  readonly priority?: 'normal' | 'high';
  /**
   * The same id each time the same message is sent: a journalled actor runs it once, and one that ends its thread
   * time after time is not sent any more (MF632).
   */
  readonly id?: string;
}

/** How everybody but the runtime knows an actor. Valid over restarts and hot swaps of the actor. */
export interface ActorRef<P> {
  /** The actor's path in the supervision tree, for example `/storage` or `/cpu/0`. */
  readonly path: string;
  /**
   * Sends a message and waits for its reply.
   * Settles always: the reply, the actor's own MagFlockError, MF601 the moment the target dies, MF602 at the
   * deadline, MF603 when the mailbox is full, MF606 when cancelled.
   */
  ask<M extends keyof P & string>(
    method: M,
    payload: Payload<P, M>,
    options?: AskOptions,
  ): Promise<Reply<P, M>>;
  /** Sends a message without waiting. Failures go to the dead letters, never to the sender. */
  tell<M extends keyof P & string>(method: M, payload: Payload<P, M>): void;
}
