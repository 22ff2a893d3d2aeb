import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { runMain } from './run-main.ts';
import { selfOf } from './self-of.ts';

interface Producer {
  produce(counter: ActorRef<Counter>): void;
  sum(sum: number): void;
}
interface Counter {
  increment(request: null): void;
  retrieve(from: ActorRef<Producer>): void;
}
interface Args {
  readonly messages: number;
  readonly done: () => void;
}

const producer = defineActor<Args & { self: ActorRef<Producer> }, Producer, Args>({
  name: 'producer',
  version: '1.0.0',
  init: (context, args) => ({ ...args, self: selfOf<Producer>(context) }),
  methods: {
    produce({ self, messages }, counter) {
      for (let index = 0; index < messages; index++) counter.tell('increment', null);
      counter.tell('retrieve', self);
    },
    sum({ messages, done }, sum) {
      if (sum !== messages) throw new Error(`${sum} of ${messages}`);
      done();
    },
  },
});

const counter = defineActor<{ sum: number }, Counter>({
  name: 'counter',
  version: '1.0.0',
  mailbox: { limit: 2_000_000 },
  init: () => ({ sum: 0 }),
  methods: {
    increment(state) {
      state.sum += 1;
    },
    retrieve({ sum }, from) {
      from.tell('sum', sum);
    },
  },
});

export function run(system: ActorSystem, { messages }: { messages: number }): Promise<void> {
  return runMain(system, (spawn, done) =>
    spawn(producer, { messages, done }).tell('produce', spawn(counter)),
  );
}
