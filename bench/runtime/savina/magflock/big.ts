import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { randomNumbers } from '../random-numbers.ts';
import { runMain } from './run-main.ts';
import { selfOf } from './self-of.ts';

interface Big {
  neighbours(refs: readonly ActorRef<Big>[]): void;
  ping(from: ActorRef<Big>): void;
  pong(request: null): void;
}
interface Args {
  readonly pings: number;
  readonly seed: number;
  readonly ended: () => void;
}
interface State {
  readonly self: ActorRef<Big>;
  readonly random: (below: number) => number;
  readonly ended: () => void;
  neighbours: readonly ActorRef<Big>[];
  left: number;
}

const big = defineActor<State, Big, Args>({
  name: 'big',
  version: '1.0.0',
  init: (context, { pings, seed, ended }) => ({
    self: selfOf<Big>(context),
    random: randomNumbers(seed),
    ended,
    neighbours: [],
    left: pings,
  }),
  methods: {
    neighbours(state, refs) {
      state.neighbours = refs;
    },
    ping(_state, from) {
      from.tell('pong', null);
    },
    pong(state) {
      if (state.left === 0) {
        state.ended();
        return;
      }
      state.left -= 1;
      state.neighbours[state.random(state.neighbours.length)]?.tell('ping', state.self);
    },
  },
});

export function run(
  system: ActorSystem,
  { actors, pings }: { actors: number; pings: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    let left = actors;
    const ended = (): void => {
      left -= 1;
      if (left === 0) done();
    };
    const all = Array.from({ length: actors }, (_, index) => spawn(big, { pings, seed: index + 1, ended }));
    for (const each of all) each.tell('neighbours', all);
    for (const each of all) each.tell('pong', null);
  });
}
