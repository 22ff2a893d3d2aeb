import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { runMain } from './run-main.ts';

interface Node {
  next(ref: ActorRef<Node>): void;
  token(hopsLeft: number): void;
}

const node = defineActor<{ next: ActorRef<Node> | undefined; done: () => void }, Node, () => void>({
  name: 'node',
  version: '1.0.0',
  init: (_context, done) => ({ next: undefined, done }),
  methods: {
    next(state, next) {
      state.next = next;
    },
    token({ next, done }, hopsLeft) {
      if (hopsLeft > 0) next?.tell('token', hopsLeft - 1);
      else done();
    },
  },
});

export function run(system: ActorSystem, { actors, hops }: { actors: number; hops: number }): Promise<void> {
  return runMain(system, (spawn, done) => {
    const ring = Array.from({ length: actors }, () => spawn(node, done));
    for (const [index, each] of ring.entries())
      each.tell('next', ring[(index + 1) % actors] as ActorRef<Node>);
    ring[0]?.tell('token', hops);
  });
}
