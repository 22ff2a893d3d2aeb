import { type ActorSystemRef, dispatch, type Ref } from 'nact';
import { runMain } from './run-main.ts';

type Item = { type: 'item'; from: Ref<ToProducer>; data: number };
type ToManager =
  | { type: 'start'; producers: readonly Ref<ToProducer>[]; consumers: readonly Ref<Item>[] }
  | Item
  | { type: 'available'; consumer: Ref<Item> }
  | { type: 'producer-ended' };
type ToProducer = { type: 'produce' };

interface ManagerState {
  readonly waitingProducers: Ref<ToProducer>[];
  readonly waitingConsumers: Ref<Item>[];
  readonly pending: Item[];
  producers: number;
  consumers: number;
}

export function run(
  system: ActorSystemRef,
  parameters: { producers: number; consumers: number; buffer: number; items: number },
): Promise<void> {
  const { producers, consumers, buffer, items } = parameters;
  // What producers may have under way when the buffer fills belongs to it.
  const capacity = buffer - producers;
  return runMain(system, (spawn, done) => {
    const endWhenAllRest = (state: ManagerState): void => {
      if (state.producers === 0 && state.waitingConsumers.length === state.consumers) done();
    };
    const empty: ManagerState = {
      waitingProducers: [],
      waitingConsumers: [],
      pending: [],
      producers: 0,
      consumers: 0,
    };
    const manager = spawn(empty, (state, message: ToManager) => {
      switch (message.type) {
        case 'start':
          state.producers = message.producers.length;
          state.consumers = message.consumers.length;
          state.waitingConsumers.push(...message.consumers);
          for (const producer of message.producers) dispatch(producer, { type: 'produce' });
          break;
        case 'item': {
          const consumer = state.waitingConsumers.pop();
          if (consumer === undefined) state.pending.push(message);
          else dispatch(consumer, message);
          if (state.pending.length >= capacity) state.waitingProducers.push(message.from);
          else dispatch(message.from, { type: 'produce' });
          break;
        }
        case 'available': {
          const item = state.pending.shift();
          if (item === undefined) {
            state.waitingConsumers.push(message.consumer);
            endWhenAllRest(state);
            break;
          }
          dispatch(message.consumer, item);
          const producer = state.waitingProducers.pop();
          if (producer !== undefined) dispatch(producer, { type: 'produce' });
          break;
        }
        default:
          state.producers -= 1;
          endWhenAllRest(state);
      }
    });
    dispatch(manager, {
      type: 'start',
      producers: Array.from({ length: producers }, () =>
        spawn({ left: items }, (state, _message: ToProducer, { self }) => {
          if (state.left === 0) {
            dispatch(manager, { type: 'producer-ended' });
            return;
          }
          state.left -= 1;
          dispatch(manager, { type: 'item', from: self, data: state.left });
        }),
      ),
      consumers: Array.from({ length: consumers }, () =>
        spawn({ sum: 0 }, (state, { data }: Item, { self }) => {
          state.sum += data;
          dispatch(manager, { type: 'available', consumer: self });
        }),
      ),
    });
  });
}
