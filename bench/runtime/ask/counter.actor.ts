import { defineActor } from '../../../runtime/actor/define-actor.ts';

export interface CounterProtocol {
  add(amount: number): number;
  note(amount: number): void;
  total(request: null): number;
}

/** The least an actor can do: what is measured is the way to it. */
export const actor = defineActor<{ total: number }, CounterProtocol>({
  name: 'counter',
  version: '1.0.0',
  init: () => ({ total: 0 }),
  methods: {
    add(state, amount) {
      state.total += amount;
      return state.total;
    },
    note(state, amount) {
      state.total += amount;
    },
    total: (state) => state.total,
  },
});
