import type { ActorContext } from '../../../../runtime/actor/actor-context.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { compute } from '../compute.ts';
import { runMain } from './run-main.ts';

interface Worker {
  work(request: null): void;
}

const worker = defineActor<{ context: ActorContext; ended: () => void }, Worker, () => void>({
  name: 'worker',
  version: '1.0.0',
  init: (context, ended) => ({ context, ended }),
  methods: {
    work({ context, ended }) {
      compute(37.2);
      context.exit();
      ended();
    },
  },
});

export function run(system: ActorSystem, { actors }: { actors: number }): Promise<void> {
  return runMain(system, (spawn, done) => {
    let left = actors;
    const ended = (): void => {
      left -= 1;
      if (left === 0) done();
    };
    for (let index = 0; index < actors; index++) spawn(worker, ended).tell('work', null);
  });
}
