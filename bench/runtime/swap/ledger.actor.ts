import { defineActor } from '../../../runtime/actor/define-actor.ts';

export interface LedgerProtocol {
  /** @returns how many entries there are, this one included */
  enter(amount: number): number;
}

/** Its state goes over to each next version. */
export const actor = defineActor<{ entries: number; sum: number }, LedgerProtocol>({
  name: 'ledger',
  version: '1.0.0',
  handover: {
    version: 1,
    export: (state) => state,
    adopt: (_context, exported) => exported as { entries: number; sum: number },
  },
  init: () => ({ entries: 0, sum: 0 }),
  methods: {
    enter(state, amount) {
      state.entries += 1;
      state.sum += amount;
      return state.entries;
    },
  },
});
