import { dispatch, spawn, start, stop } from 'nact';
import { measureTells } from './measure-tells.ts';

const system = start();
measureTells(
  (note) => {
    const actor = spawn(
      system,
      (total: number, { amount }: { amount: number }) => {
        note(total + amount);
        return total + amount;
      },
      'sum',
      { initialState: 0 },
    );
    return (amount) => dispatch(actor, { amount });
  },
  () => stop(system),
);
