import type { ActorContext } from '../../../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { type ActorDefinition, defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';

/** What `spawn` of a benchmark's root actor gives to the others. */
export type Spawn = <State, P, Args>(definition: ActorDefinition<State, P, Args>, args?: Args) => ActorRef<P>;

/**
 * Runs a benchmark under a root actor of its own, and ends all its actors when it is done.
 * @param setUp spawns the actors and sends the first messages; they call `done` at the end
 */
export async function runMain(
  system: ActorSystem,
  setUp: (spawn: Spawn, done: () => void) => void,
): Promise<void> {
  let root: ActorContext | undefined;
  await new Promise<void>((resolve) => {
    const main = defineActor<null, { start(request: null): void }>({
      name: 'main',
      version: '1.0.0',
      init: (context) => {
        root = context;
        return null;
      },
      methods: {
        start() {
          const spawn: Spawn = (definition, args) =>
            (root as ActorContext).spawn(definition, args === undefined ? undefined : { args });
          setUp(spawn, resolve);
        },
      },
    });
    system.spawn(main).tell('start', null);
  });
  root?.exit();
}
