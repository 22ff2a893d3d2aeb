import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { compute } from '../compute.ts';
import { runMain } from './run-main.ts';

interface Worker {
  work(request: null): void;
}
interface Args {
  readonly messages: number;
  readonly ended: () => void;
}

const worker = defineActor<{ left: number; ended: () => void }, Worker, Args>({
  name: 'worker',
  version: '1.0.0',
  init: (_context, { messages, ended }) => ({ left: messages, ended }),
  methods: {
    work(state) {
      compute(37.2);
      state.left -= 1;
      if (state.left === 0) state.ended();
    },
  },
});

export function run(
  system: ActorSystem,
  { actors, messages }: { actors: number; messages: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    let left = actors;
    const ended = (): void => {
      left -= 1;
      if (left === 0) done();
    };
    const workers = Array.from({ length: actors }, () => spawn(worker, { messages, ended }));
    for (let index = 0; index < messages; index++) for (const each of workers) each.tell('work', null);
  });
}
