import type { ActorContext } from '../actor/actor-context.ts';
import type { JournalStore } from '../bus/journal-store.ts';

/**
 * Makes the state of an actor survive the daemon: its messages are kept, and run again on its next start.
 *
 * - A journalled method answers when its message is durable. Sent again under the same `AskOptions.id`, it is not
 *   run again and gets the same answer.
 * - It must depend on state and payload alone, and change nothing when it throws. What it does outside its state
 *   (ask, tell, emit) it leaves out when `call.replayed`.
 * - The actor runs one message at a time, and has a name.
 */
export interface JournalOptions<State, P> {
  /** Methods that change the state. */
  readonly methods: readonly (keyof P & string)[];
  /** The whole state as structured-cloneable data, at once. */
  snapshot(state: State): unknown;
  /**
   * The state from a snapshot.
   * @param fresh what `init` has made
   */
  restore(snapshot: never, fresh: State): State;
  /** Messages between two snapshots; default 1,000. */
  readonly snapshotEvery?: number;
  /** Starts that one message may end before it is put with the dead letters; default 3. */
  readonly poisonAfter?: number;
  /** Where it is kept; default: the part `storage`. */
  store?(context: ActorContext): JournalStore;
}
