import type { ActorRef, Payload, Reply } from './actor-ref.ts';
import type { ActorDefinition } from './define-actor.ts';

/**
 * - `round-robin`: one after the other
 * - `least-mailbox`: the one with the fewest messages waiting and running; of one in another thread the asks of this
 * router that it has not answered count
 * - `consistent-hash`: the same key to the same one; few keys change hands when one comes or goes
 * - `broadcast`: all of them
 */
export type RouterStrategy = 'round-robin' | 'least-mailbox' | 'consistent-hash' | 'broadcast';

export interface RouterOptions<S extends RouterStrategy> {
  readonly strategy: S;
  /** What decides who gets a message; required for `consistent-hash`. */
  readonly key?: (method: string, payload: never) => string;
}

/** Actors of its own a router sends to: children, each replaced when it ends. */
export interface RouterPool<State, P, Args> {
  readonly definition: ActorDefinition<State, P, Args>;
  readonly size: number;
  readonly args?: Args;
}

/** What an ask of all gives: an outcome for each, in the order in which they were added (`Promise.allSettled`). */
export type Gathered<P> = {
  [M in keyof P]: (payload: Payload<P, M>) => readonly PromiseSettledResult<Reply<P, M>>[];
};

/**
 * Several actors behind one ref, in the thread of the actor that made it. One that ends is taken out; without any an
 * ask is refused with MF607.
 */
export interface Router<P, S extends RouterStrategy = RouterStrategy>
  extends ActorRef<S extends 'broadcast' ? Gathered<P> : P> {
  readonly routees: readonly ActorRef<P>[];
  add(ref: ActorRef<P>): void;
  /** It gets no more messages; one of the router's own is stopped after those it has. */
  remove(ref: ActorRef<P>): void;
}
