import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { runMain } from './run-main.ts';
import { selfOf } from './self-of.ts';

interface Hungry {
  readonly seat: number;
  readonly from: ActorRef<Philosopher>;
}
interface Arbiter {
  hungry(request: Hungry): void;
  full(seat: number): void;
  leave(request: null): void;
}
interface Philosopher {
  start(request: null): void;
  denied(request: null): void;
  eat(request: null): void;
}

const arbiter = defineActor<
  { forks: boolean[]; left: number; done: () => void },
  Arbiter,
  { philosophers: number; done: () => void }
>({
  name: 'arbiter',
  version: '1.0.0',
  init: (_context, { philosophers, done }) => ({
    forks: new Array<boolean>(philosophers).fill(false),
    left: philosophers,
    done,
  }),
  methods: {
    hungry({ forks }, { seat, from }) {
      const right = (seat + 1) % forks.length;
      if (forks[seat] || forks[right]) {
        from.tell('denied', null);
        return;
      }
      forks[seat] = true;
      forks[right] = true;
      from.tell('eat', null);
    },
    full({ forks }, seat) {
      forks[seat] = false;
      forks[(seat + 1) % forks.length] = false;
    },
    leave(state) {
      state.left -= 1;
      if (state.left === 0) state.done();
    },
  },
});

interface State {
  readonly hungry: Hungry;
  readonly arbiter: ActorRef<Arbiter>;
  meals: number;
}

const philosopher = defineActor<
  State,
  Philosopher,
  { seat: number; meals: number; arbiter: ActorRef<Arbiter> }
>({
  name: 'philosopher',
  version: '1.0.0',
  init: (context, { seat, meals, arbiter }) => ({
    hungry: { seat, from: selfOf<Philosopher>(context) },
    arbiter,
    meals,
  }),
  methods: {
    start({ arbiter, hungry }) {
      arbiter.tell('hungry', hungry);
    },
    denied({ arbiter, hungry }) {
      arbiter.tell('hungry', hungry);
    },
    eat(state) {
      const { arbiter, hungry } = state;
      state.meals -= 1;
      arbiter.tell('full', hungry.seat);
      if (state.meals > 0) hungry.from.tell('start', null);
      else arbiter.tell('leave', null);
    },
  },
});

export function run(
  system: ActorSystem,
  { philosophers, meals }: { philosophers: number; meals: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    const table = spawn(arbiter, { philosophers, done });
    for (let seat = 0; seat < philosophers; seat++) {
      spawn(philosopher, { seat, meals, arbiter: table }).tell('start', null);
    }
  });
}
