import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { complement } from '../complement.ts';
import { runMain } from './run-main.ts';
import { selfOf } from './self-of.ts';

interface Meeting {
  readonly colour: number;
  readonly from: ActorRef<Creature>;
}
interface Creature {
  start(request: null): void;
  meet(meeting: Meeting): void;
  change(colour: number): void;
  exit(request: null): void;
}
interface Mall {
  meet(meeting: Meeting): void;
  met(meetings: number): void;
}
interface MallState {
  readonly creatures: number;
  readonly meetings: number;
  readonly done: () => void;
  left: number;
  faded: number;
  sum: number;
  waiting: ActorRef<Creature> | undefined;
}

const mall = defineActor<MallState, Mall, { creatures: number; meetings: number; done: () => void }>({
  name: 'mall',
  version: '1.0.0',
  init: (_context, args) => ({ ...args, left: args.meetings, faded: 0, sum: 0, waiting: undefined }),
  methods: {
    meet(state, meeting) {
      if (state.left === 0) meeting.from.tell('exit', null);
      else if (state.waiting === undefined) state.waiting = meeting.from;
      else {
        state.left -= 1;
        state.waiting.tell('meet', meeting);
        state.waiting = undefined;
      }
    },
    met(state, meetings) {
      state.faded += 1;
      state.sum += meetings;
      if (state.faded < state.creatures) return;
      if (state.sum !== 2 * state.meetings) throw new Error(`${state.sum} of ${2 * state.meetings}`);
      state.done();
    },
  },
});

interface CreatureState {
  readonly self: ActorRef<Creature>;
  readonly mall: ActorRef<Mall>;
  colour: number;
  meetings: number;
}

const creature = defineActor<CreatureState, Creature, { mall: ActorRef<Mall>; colour: number }>({
  name: 'creature',
  version: '1.0.0',
  init: (context, args) => ({ ...args, self: selfOf<Creature>(context), meetings: 0 }),
  methods: {
    start({ self, mall, colour }) {
      mall.tell('meet', { colour, from: self });
    },
    meet(state, { colour, from }) {
      state.colour = complement(state.colour, colour);
      state.meetings += 1;
      from.tell('change', state.colour);
      state.mall.tell('meet', { colour: state.colour, from: state.self });
    },
    change(state, colour) {
      state.colour = colour;
      state.meetings += 1;
      state.mall.tell('meet', { colour, from: state.self });
    },
    exit({ mall, meetings }) {
      mall.tell('met', meetings);
    },
  },
});

export function run(
  system: ActorSystem,
  { creatures, meetings }: { creatures: number; meetings: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    const place = spawn(mall, { creatures, meetings, done });
    for (let index = 0; index < creatures; index++) {
      spawn(creature, { mall: place, colour: index % 3 }).tell('start', null);
    }
  });
}
