import { type ActorSystemRef, dispatch, type Ref } from 'nact';
import { randomNumbers } from '../random-numbers.ts';
import { runMain } from './run-main.ts';

type ToBig =
  | { type: 'neighbours'; refs: readonly Ref<ToBig>[] }
  | { type: 'ping'; from: Ref<ToBig> }
  | { type: 'pong' };

export function run(
  system: ActorSystemRef,
  { actors, pings }: { actors: number; pings: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    let left = actors;
    const all = Array.from({ length: actors }, (_, index) =>
      spawn(
        { left: pings, random: randomNumbers(index + 1), neighbours: [] as readonly Ref<ToBig>[] },
        (state, message: ToBig, { self }) => {
          if (message.type === 'neighbours') state.neighbours = message.refs;
          else if (message.type === 'ping') dispatch(message.from, { type: 'pong' });
          else if (state.left > 0) {
            state.left -= 1;
            const { neighbours, random } = state;
            dispatch(neighbours[random(neighbours.length)] as Ref<ToBig>, { type: 'ping', from: self });
          } else {
            left -= 1;
            if (left === 0) done();
          }
        },
      ),
    );
    for (const each of all) dispatch(each, { type: 'neighbours', refs: all });
    for (const each of all) dispatch(each, { type: 'pong' });
  });
}
