import { type ActorSystemRef, dispatch, type Ref } from 'nact';
import { runMain } from './run-main.ts';

type ToPhilosopher = { type: 'start' } | { type: 'denied' } | { type: 'eat' };
type ToArbiter =
  | { type: 'hungry'; seat: number; from: Ref<ToPhilosopher> }
  | { type: 'full'; seat: number }
  | { type: 'leave' };

export function run(
  system: ActorSystemRef,
  { philosophers, meals }: { philosophers: number; meals: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    const table = { forks: new Array<boolean>(philosophers).fill(false), left: philosophers };
    const arbiter = spawn(table, (state, message: ToArbiter) => {
      const { forks } = state;
      if (message.type === 'leave') {
        state.left -= 1;
        if (state.left === 0) done();
        return;
      }
      const right = (message.seat + 1) % forks.length;
      if (message.type === 'full') {
        forks[message.seat] = false;
        forks[right] = false;
      } else if (forks[message.seat] || forks[right]) dispatch(message.from, { type: 'denied' });
      else {
        forks[message.seat] = true;
        forks[right] = true;
        dispatch(message.from, { type: 'eat' });
      }
    });
    for (let seat = 0; seat < philosophers; seat++) {
      const philosopher = spawn({ meals }, (state, message: ToPhilosopher, { self }) => {
        if (message.type !== 'eat') {
          dispatch(arbiter, { type: 'hungry', seat, from: self });
          return;
        }
        state.meals -= 1;
        dispatch(arbiter, { type: 'full', seat });
        if (state.meals > 0) dispatch(self, { type: 'start' });
        else dispatch(arbiter, { type: 'leave' });
      });
      dispatch(philosopher, { type: 'start' });
    }
  });
}
