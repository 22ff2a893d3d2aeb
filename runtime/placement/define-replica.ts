import type { ActorContext } from '../actor/actor-context.ts';

/** What a replica sees of the thread it lives in. */
export interface ReplicaContext
  extends Pick<
    ActorContext,
    'path' | 'settings' | 'log' | 'metrics' | 'events' | 'timers' | 'part' | 'replica'
  > {}

/**
 * A copy of an owner's state in another thread, with the code that the hot path calls without a hop.
 * The owner pushes (`context.publish`), the replica only applies. It never changes the owner's state.
 *
 * Life: `init` → `applySnapshot` (the owner's `snapshot()`, again after each restart of the owner) →
 * `applyDelta`… → `stop`. Until the first snapshot the thread that needs it is not ready.
 */
export interface ReplicaDefinition<State, Snapshot, Delta, Api, Args = undefined> {
  /** Name of the owner part. */
  readonly of: string;
  init(context: ReplicaContext, args: Args): State | Promise<State>;
  applySnapshot(state: State, snapshot: Snapshot): void | Promise<void>;
  applyDelta(state: State, delta: Delta): void | Promise<void>;
  /** The functions the thread calls; what `context.replica(name)` returns. */
  api(state: State): Api;
  stop?(state: State): void | Promise<void>;
}

/** Declares a replica. Purely typed: returns its argument. */
export function defineReplica<State, Snapshot, Delta, Api, Args = undefined>(
  definition: ReplicaDefinition<State, Snapshot, Delta, Api, Args>,
): ReplicaDefinition<State, Snapshot, Delta, Api, Args> {
  return definition;
}
