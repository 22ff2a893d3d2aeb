import { type ActorContext, type ActorSystemRef, type Ref, spawn, stop } from 'nact';

/** Starts an actor whose state is an object that it changes in place. */
export type Spawn = <State, Message>(
  initialState: State,
  receive: (
    state: State,
    message: Message,
    context: ActorContext<Message, ActorSystemRef>,
  ) => void | Promise<void>,
) => Ref<Message>;

/**
 * Runs a benchmark and stops all its actors when it is done. They are children of the system, because nact copies
 * the list of an actor's children for each message that the actor gets.
 * @param setUp spawns the actors and sends the first messages; they call `done` at the end
 */
export async function runMain(
  system: ActorSystemRef,
  setUp: (spawn: Spawn, done: () => void) => void,
): Promise<void> {
  const refs: Ref<never>[] = [];
  await new Promise<void>((resolve) => {
    const start: Spawn = (initialState, receive) => {
      const ref = spawn(
        system,
        (state: typeof initialState, message: Parameters<typeof receive>[1], context) => {
          const running = receive(state, message, context);
          return running === undefined ? state : running.then(() => state);
        },
        undefined,
        { initialState },
      );
      refs.push(ref as Ref<never>);
      return ref as Ref<Parameters<typeof receive>[1]>;
    };
    setUp(start, resolve);
  });
  for (const ref of refs) stop(ref);
}
