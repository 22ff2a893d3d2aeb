import { createActor, fromTransition } from 'xstate';
import { measureTells } from './measure-tells.ts';

measureTells(
  (note) => {
    // The smallest actor of xstate: a transition function without a state chart.
    const logic = fromTransition((total: number, event: { type: 'add'; amount: number }) => {
      note(total + event.amount);
      return total + event.amount;
    }, 0);
    const actor = createActor(logic);
    actor.start();
    return (amount) => actor.send({ type: 'add', amount });
  },
  () => {},
);
