import { defineActor } from '../../../runtime/actor/define-actor.ts';

export interface BooksProtocol {
  add(number: number): number;
  numbers(request: null): readonly number[];
  die(request: null): void;
}

/** Keeps numbers in a journal of Storage. */
export const actor = defineActor<{ numbers: number[] }, BooksProtocol>({
  name: 'books',
  version: '1.0.0',
  journal: {
    methods: ['add'],
    snapshot: ({ numbers }) => numbers,
    restore: (numbers: readonly number[]) => ({ numbers: [...numbers] }),
    snapshotEvery: 500,
  },
  init: () => ({ numbers: [] }),
  methods: {
    add: ({ numbers }, number) => numbers.push(number),
    numbers: ({ numbers }) => numbers,
    die() {
      // In a turn of its own: exiting at once would end the thread in the midst of the message that comes next.
      setImmediate(() => {
        throw new Error('dies as told');
      });
    },
  },
});
