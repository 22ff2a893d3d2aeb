import { defineActor } from '../../../runtime/actor/define-actor.ts';
import { createActorSystem } from '../../../runtime/actor-system.ts';
import { measureTells } from './measure-tells.ts';

interface SumProtocol {
  add(amount: number): void;
}

const sum = defineActor<
  { total: number; note: (total: number) => void },
  SumProtocol,
  (total: number) => void
>({
  name: 'sum',
  version: '1.0.0',
  init: (_context, note) => ({ total: 0, note }),
  methods: {
    add(state, amount) {
      state.total += amount;
      state.note(state.total);
    },
  },
});

const system = await createActorSystem();
measureTells(
  (note) => {
    const actor = system.spawn(sum, { args: note });
    return (amount) => actor.tell('add', amount);
  },
  () => system.stop(),
);
