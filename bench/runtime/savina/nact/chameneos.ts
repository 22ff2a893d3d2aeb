import { type ActorSystemRef, dispatch, type Ref } from 'nact';
import { complement } from '../complement.ts';
import { runMain } from './run-main.ts';

type ToCreature =
  | { type: 'start' }
  | { type: 'meet'; colour: number; from: Ref<ToCreature> }
  | { type: 'change'; colour: number }
  | { type: 'exit' };
type ToMall = { type: 'meet'; colour: number; from: Ref<ToCreature> } | { type: 'met'; meetings: number };

export function run(
  system: ActorSystemRef,
  { creatures, meetings }: { creatures: number; meetings: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    const mall = spawn(
      { left: meetings, faded: 0, sum: 0, waiting: undefined as Ref<ToCreature> | undefined },
      (state, message: ToMall) => {
        if (message.type === 'met') {
          state.faded += 1;
          state.sum += message.meetings;
          if (state.faded < creatures) return;
          if (state.sum !== 2 * meetings) throw new Error(`${state.sum} of ${2 * meetings}`);
          done();
        } else if (state.left === 0) dispatch(message.from, { type: 'exit' });
        else if (state.waiting === undefined) state.waiting = message.from;
        else {
          state.left -= 1;
          dispatch(state.waiting, message);
          state.waiting = undefined;
        }
      },
    );
    for (let index = 0; index < creatures; index++) {
      const creature = spawn({ colour: index % 3, meetings: 0 }, (state, message: ToCreature, { self }) => {
        if (message.type === 'exit') {
          dispatch(mall, { type: 'met', meetings: state.meetings });
          return;
        }
        if (message.type !== 'start') {
          state.meetings += 1;
          state.colour =
            message.type === 'change' ? message.colour : complement(state.colour, message.colour);
          if (message.type === 'meet') dispatch(message.from, { type: 'change', colour: state.colour });
        }
        dispatch(mall, { type: 'meet', colour: state.colour, from: self });
      });
      dispatch(creature, { type: 'start' });
    }
  });
}
