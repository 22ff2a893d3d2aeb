import { type ActorSystemRef, dispatch, type Ref } from 'nact';
import { runMain } from './run-main.ts';

type ToPing = { type: 'start'; pong: Ref<ToPong> } | { type: 'pong'; from: Ref<ToPong> };
type ToPong = { type: 'ping'; from: Ref<ToPing> };

export function run(system: ActorSystemRef, { pings }: { pings: number }): Promise<void> {
  return runMain(system, (spawn, done) => {
    const ping = spawn({ left: pings }, (state, message: ToPing, { self }) => {
      if (message.type === 'start') {
        dispatch(message.pong, { type: 'ping', from: self });
        return;
      }
      state.left -= 1;
      if (state.left > 0) dispatch(message.from, { type: 'ping', from: self });
      else done();
    });
    const pong = spawn(null, (_state, { from }: ToPong, { self }) =>
      dispatch(from, { type: 'pong', from: self }),
    );
    dispatch(ping, { type: 'start', pong });
  });
}
