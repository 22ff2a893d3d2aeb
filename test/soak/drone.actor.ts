import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { type ActorDefinition, defineActor } from '../../runtime/actor/define-actor.ts';
import type { DroneArgs, DroneProtocol } from './drone.protocol.ts';
import { tally } from './tally.ts';

interface State {
  readonly context: ActorContext;
  readonly args: DroneArgs;
  readonly counts: Int32Array;
}

function begin(context: ActorContext, args: DroneArgs): State {
  const counts = new Int32Array(args.counts);
  context.timers.every(20, () => {});
  if (args.kid === true) {
    context.spawn(drone, { name: 'kid', args: { counts: args.counts }, restart: 'permanent' });
    context.topic<number>('soak').subscribe(() => void Atomics.add(counts, tally.heard, 1));
  }
  return { context, args, counts };
}

/** Does a little of everything, and ends in every way there is. */
const drone: ActorDefinition<State, DroneProtocol, DroneArgs> = defineActor<State, DroneProtocol, DroneArgs>({
  name: 'drone',
  version: '1.0.0',
  onFailure: 'crash',
  init: begin,
  handover: {
    version: 1,
    export: () => null,
    adopt: (context, _exported, _fromVersion, args) => begin(context, args),
  },
  methods: {
    work({ counts }, { told }) {
      Atomics.add(counts, told === true ? tally.tellsRun : tally.asksRun, 1);
      return 'done';
    },
    async slow(_state, { ms }) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return 'done';
    },
    pass: ({ context }, { to }) => context.ref<DroneProtocol>(to).ask('work', { text: '' }),
    async brood({ context, args }) {
      const child = context.spawn(drone, { args: { counts: args.counts } });
      const answer = await child.ask('work', { text: '' });
      await context.stop(child as never);
      return answer;
    },
    publish({ context }, number) {
      context.topic<number>('soak').publish(number);
    },
    end({ context }, how) {
      if (how === 'thread') process.exit(3);
      if (how === 'defect') throw new TypeError('a bug of the author');
      if (how === 'uncaught') {
        setImmediate(() => {
          throw new Error('a bug outside of a method');
        });
      }
      if (how === 'exit') context.exit(new Error('had enough'));
    },
  },
});

export const actor = drone;
