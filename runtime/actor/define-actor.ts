import type { Health } from '../motherboard/health.ts';
import type { ActorContext } from './actor-context.ts';
import type { Payload, Reply } from './actor-ref.ts';

/** What a method sees of the call it answers. */
export interface CallContext {
  readonly id: string;
  /** Path of the sender. */
  readonly from: string;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  /** Aborted when the asker cancels or the deadline passes. */
  readonly signal: AbortSignal;
  /** W3C traceparent, when the request had one. */
  readonly trace: string | undefined;
}

export interface MailboxOptions {
  /** Messages; default 10,000. */
  readonly limit?: number;
  /** Estimated bytes; default 64 MiB. */
  readonly bytes?: number;
  readonly overflow?: 'reject' | 'drop-oldest' | 'drop-newest' | 'wait';
}

export type Methods<State, P> = {
  readonly [M in keyof P & string]: (
    state: State,
    payload: Payload<P, M>,
    call: CallContext,
  ) => Reply<P, M> | Promise<Reply<P, M>>;
};

/**
 * An actor: private state, behaviour, mailbox. The same definition runs in every placement.
 *
 * Life of an incarnation:
 * 1. `init` builds the private state; the actor answers nothing yet.
 * 2. `start` begins work that others can see (listen, connect, tick); the parts it requires are ready.
 * 3. methods run, one message at a time unless `concurrency` says otherwise.
 * 4. `stop` ends that work within the stop budget; the mailbox is drained before it.
 */
export interface ActorDefinition<State, P, Args = undefined> {
  readonly name: string;
  /** Version of the behaviour (semver). */
  readonly version: string;
  /** Messages it runs at the same time; default 1. */
  readonly concurrency?: number;
  readonly mailbox?: MailboxOptions;
  init(context: ActorContext, args: Args): State | Promise<State>;
  start?(state: State): void | Promise<void>;
  stop?(state: State): void | Promise<void>;
  healthCheck?(state: State): Health | Promise<Health>;
  /** Facts for POST and for `status`: what this part can do here, in words a user reads. */
  getCapabilities?(state: State): readonly string[];
  /** The whole state for a replica that starts; required of actors that have replicas. */
  snapshot?(state: State): unknown | Promise<unknown>;
  readonly methods: Methods<State, P>;
}

/**
 * Declares an actor. Purely typed: returns its argument.
 * @example
 * export const actor = defineActor<Counter, { add(n: number): number }>({
 *   name: 'counter', version: '1.0.0',
 *   init: () => ({ total: 0 }),
 *   methods: { add: (state, n) => (state.total += n) },
 * });
 */
export function defineActor<State, P, Args = undefined>(
  definition: ActorDefinition<State, P, Args>,
): ActorDefinition<State, P, Args> {
  return definition;
}
