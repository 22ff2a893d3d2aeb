import { type ActorSystemRef, dispatch, spawn, stop } from 'nact';
import { compute } from '../compute.ts';

export function run(system: ActorSystemRef, { actors }: { actors: number }): Promise<void> {
  return new Promise((resolve) => {
    let left = actors;
    const work = (
      state: null,
      _message: { type: 'work' },
      { self }: { self: Parameters<typeof stop>[0] },
    ) => {
      compute(37.2);
      stop(self);
      left -= 1;
      if (left === 0) resolve();
      return state;
    };
    for (let index = 0; index < actors; index++) {
      // Unnamed ones get a random name; of 20,000 two would now and then have the same.
      dispatch(spawn(system, work, `worker-${index}`, { initialState: null }), { type: 'work' });
    }
  });
}
