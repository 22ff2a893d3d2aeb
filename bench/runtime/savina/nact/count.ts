import { type ActorSystemRef, dispatch, type Ref } from 'nact';
import { runMain } from './run-main.ts';

type ToProducer = { type: 'produce'; counter: Ref<ToCounter> } | { type: 'sum'; sum: number };
type ToCounter = { type: 'increment' } | { type: 'retrieve'; from: Ref<ToProducer> };

export function run(system: ActorSystemRef, { messages }: { messages: number }): Promise<void> {
  return runMain(system, (spawn, done) => {
    const producer = spawn(null, (_state, message: ToProducer, { self }) => {
      if (message.type === 'sum') {
        if (message.sum !== messages) throw new Error(`${message.sum} of ${messages}`);
        done();
        return;
      }
      for (let index = 0; index < messages; index++) dispatch(message.counter, { type: 'increment' });
      dispatch(message.counter, { type: 'retrieve', from: self });
    });
    const counter = spawn({ sum: 0 }, (state, message: ToCounter) => {
      if (message.type === 'increment') state.sum += 1;
      else dispatch(message.from, { type: 'sum', sum: state.sum });
    });
    dispatch(producer, { type: 'produce', counter });
  });
}
