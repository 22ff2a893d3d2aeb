import { type ActorSystemRef, dispatch } from 'nact';
import { compute } from '../compute.ts';
import { runMain } from './run-main.ts';

export function run(
  system: ActorSystemRef,
  { actors, messages }: { actors: number; messages: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    let left = actors;
    const workers = Array.from({ length: actors }, () =>
      spawn({ left: messages }, (state, _message: { type: 'work' }) => {
        compute(37.2);
        state.left -= 1;
        if (state.left > 0) return;
        left -= 1;
        if (left === 0) done();
      }),
    );
    for (let index = 0; index < messages; index++)
      for (const each of workers) dispatch(each, { type: 'work' });
  });
}
