import { defineActor } from '../../../runtime/actor/define-actor.ts';

export interface MortalProtocol {
  /** Ends its thread: `exit` at once, `throw` in a timer. */
  die(how: 'exit' | 'throw'): null | Promise<null>;
  work(number: number): number;
}
export interface MortalArgs {
  /** Monotonic nanoseconds of the last crash. */
  readonly crashedAt: SharedArrayBuffer;
  /** How often each numbered message was run. */
  readonly runs: SharedArrayBuffer;
}
interface State {
  readonly crashedAt: BigInt64Array;
  readonly runs: Int32Array;
}

/** What it did can be read by others after its death. */
export const actor = defineActor<State, MortalProtocol, MortalArgs>({
  name: 'mortal',
  version: '1.0.0',
  init: (_context, { crashedAt, runs }) => ({
    crashedAt: new BigInt64Array(crashedAt),
    runs: new Int32Array(runs),
  }),
  methods: {
    die({ crashedAt }, how) {
      if (how === 'exit') {
        Atomics.store(crashedAt, 0, process.hrtime.bigint());
        process.exit(1);
      }
      setTimeout(() => {
        Atomics.store(crashedAt, 0, process.hrtime.bigint());
        throw new Error('thrown in a timer');
      });
      return new Promise(() => {});
    },
    work({ runs }, number) {
      Atomics.add(runs, number, 1);
      return number;
    },
  },
});
