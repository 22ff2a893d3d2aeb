import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { runMain } from './run-main.ts';
import { selfOf } from './self-of.ts';

interface Item {
  readonly from: ActorRef<Producer>;
  readonly data: number;
}
interface Manager {
  start(actors: { producers: readonly ActorRef<Producer>[]; consumers: readonly ActorRef<Consumer>[] }): void;
  item(item: Item): void;
  available(consumer: ActorRef<Consumer>): void;
  producerEnded(request: null): void;
}
interface Producer {
  produce(request: null): void;
}
interface Consumer {
  consume(item: Item): void;
}
interface ManagerState {
  readonly capacity: number;
  readonly done: () => void;
  readonly waitingProducers: ActorRef<Producer>[];
  readonly waitingConsumers: ActorRef<Consumer>[];
  readonly pending: Item[];
  producers: number;
  consumers: number;
}

function endWhenAllRest({ producers, consumers, waitingConsumers, done }: ManagerState): void {
  if (producers === 0 && waitingConsumers.length === consumers) done();
}

const manager = defineActor<ManagerState, Manager, { capacity: number; done: () => void }>({
  name: 'manager',
  version: '1.0.0',
  init: (_context, args) => ({
    ...args,
    waitingProducers: [],
    waitingConsumers: [],
    pending: [],
    producers: 0,
    consumers: 0,
  }),
  methods: {
    start(state, { producers, consumers }) {
      state.producers = producers.length;
      state.consumers = consumers.length;
      state.waitingConsumers.push(...consumers);
      for (const producer of producers) producer.tell('produce', null);
    },
    item(state, item) {
      const consumer = state.waitingConsumers.pop();
      if (consumer === undefined) state.pending.push(item);
      else consumer.tell('consume', item);
      if (state.pending.length >= state.capacity) state.waitingProducers.push(item.from);
      else item.from.tell('produce', null);
    },
    available(state, consumer) {
      const item = state.pending.shift();
      if (item === undefined) {
        state.waitingConsumers.push(consumer);
        endWhenAllRest(state);
        return;
      }
      consumer.tell('consume', item);
      state.waitingProducers.pop()?.tell('produce', null);
    },
    producerEnded(state) {
      state.producers -= 1;
      endWhenAllRest(state);
    },
  },
});

interface ProducerState {
  readonly self: ActorRef<Producer>;
  readonly manager: ActorRef<Manager>;
  left: number;
}

const producer = defineActor<ProducerState, Producer, { manager: ActorRef<Manager>; items: number }>({
  name: 'producer',
  version: '1.0.0',
  init: (context, { manager, items }) => ({ self: selfOf<Producer>(context), manager, left: items }),
  methods: {
    produce(state) {
      if (state.left === 0) {
        state.manager.tell('producerEnded', null);
        return;
      }
      state.left -= 1;
      state.manager.tell('item', { from: state.self, data: state.left });
    },
  },
});

const consumer = defineActor<
  { self: ActorRef<Consumer>; manager: ActorRef<Manager>; sum: number },
  Consumer,
  ActorRef<Manager>
>({
  name: 'consumer',
  version: '1.0.0',
  init: (context, manager) => ({ self: selfOf<Consumer>(context), manager, sum: 0 }),
  methods: {
    consume(state, { data }) {
      state.sum += data;
      state.manager.tell('available', state.self);
    },
  },
});

export function run(
  system: ActorSystem,
  parameters: { producers: number; consumers: number; buffer: number; items: number },
): Promise<void> {
  const { producers, consumers, buffer, items } = parameters;
  return runMain(system, (spawn, done) => {
    // What producers may have under way when the buffer fills belongs to it.
    const boss = spawn(manager, { capacity: buffer - producers, done });
    boss.tell('start', {
      producers: Array.from({ length: producers }, () => spawn(producer, { manager: boss, items })),
      consumers: Array.from({ length: consumers }, () => spawn(consumer, boss)),
    });
  });
}
