import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { runMain } from './run-main.ts';
import { selfOf } from './self-of.ts';

interface Ping {
  start(pong: ActorRef<Pong>): void;
  pong(from: ActorRef<Pong>): void;
}
interface Pong {
  ping(from: ActorRef<Ping>): void;
}
interface Args {
  readonly pings: number;
  readonly done: () => void;
}

const ping = defineActor<{ self: ActorRef<Ping>; left: number; done: () => void }, Ping, Args>({
  name: 'ping',
  version: '1.0.0',
  init: (context, { pings, done }) => ({ self: selfOf<Ping>(context), left: pings, done }),
  methods: {
    start(state, pong) {
      pong.tell('ping', state.self);
    },
    pong(state, pong) {
      state.left -= 1;
      if (state.left > 0) pong.tell('ping', state.self);
      else state.done();
    },
  },
});

const pong = defineActor<{ self: ActorRef<Pong> }, Pong>({
  name: 'pong',
  version: '1.0.0',
  init: (context) => ({ self: selfOf<Pong>(context) }),
  methods: {
    ping(state, from) {
      from.tell('pong', state.self);
    },
  },
});

export function run(system: ActorSystem, { pings }: { pings: number }): Promise<void> {
  return runMain(system, (spawn, done) => spawn(ping, { pings, done }).tell('start', spawn(pong)));
}
