import { type ActorSystemRef, dispatch, type Ref } from 'nact';
import { runMain } from './run-main.ts';

type ToNode = { type: 'next'; next: Ref<ToNode> } | { type: 'token'; hopsLeft: number };

export function run(
  system: ActorSystemRef,
  { actors, hops }: { actors: number; hops: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    const ring = Array.from({ length: actors }, () =>
      spawn({ next: undefined as Ref<ToNode> | undefined }, (state, message: ToNode) => {
        if (message.type === 'next') state.next = message.next;
        else if (message.hopsLeft === 0) done();
        else if (state.next !== undefined)
          dispatch(state.next, { type: 'token', hopsLeft: message.hopsLeft - 1 });
      }),
    );
    for (const [index, each] of ring.entries()) {
      dispatch(each, { type: 'next', next: ring[(index + 1) % actors] as Ref<ToNode> });
    }
    dispatch(ring[0] as Ref<ToNode>, { type: 'token', hopsLeft: hops });
  });
}
