import type { ActorRef } from './actor-ref.ts';

/** The state of an entity while it is not in memory. */
export interface KeptState {
  /** `handover.version` of the definition that exported it; 0 from a `snapshot`. */
  readonly version: number;
  readonly state: unknown;
}

export interface EntityOptions<Args> {
  /** Milliseconds without a message after which an entity leaves memory; default that of its definition, or 60,000. */
  readonly passivateAfterMs?: number;
  /** Entities in memory at the same time; the one not used for the longest time makes room. Default 1,000. */
  readonly limit?: number;
  /** Messages that may wait for one entity while it goes or comes; default 10,000. */
  readonly held?: number;
  /** Handed to `init`; with the state that was kept when the definition has no `handover`. */
  args?(key: string, kept: KeptState | undefined): Args;
  /** Keeps a state; default in memory, in the actor that manages. A failure leaves the entity in memory. */
  save?(key: string, kept: KeptState): void | Promise<void>;
  load?(key: string): KeptState | undefined | Promise<KeptState | undefined>;
}

/**
 * Children of one kind by key, of which few are in memory: one comes with its first message, goes when it is idle or
 * another one needs its place, and comes back with its state (`handover`, else `snapshot`) with its next message.
 * Messages that arrive while it goes or comes wait, in order.
 */
export interface Entities<P> {
  /** Valid whether the entity is in memory or not. Others should know an entity by its key, not by its `self`. */
  ref(key: string): ActorRef<P>;
  /** How many are in memory, those on their way included. */
  readonly live: number;
  /** Lets the entity leave memory now; resolves when it has, or has turned out to be busy. */
  passivate(key: string): Promise<void>;
}
