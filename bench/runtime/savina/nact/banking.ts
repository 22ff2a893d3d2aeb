import { type ActorSystemRef, dispatch, query, type Ref } from 'nact';
import { randomNumbers } from '../random-numbers.ts';
import { runMain } from './run-main.ts';

type ToAccount =
  | { type: 'transfer'; amount: number; to: Ref<ToAccount>; teller: Ref<ToTeller> }
  | { type: 'deposit'; amount: number; from: Ref<boolean> };
type ToTeller = { type: 'start'; accounts: readonly Ref<ToAccount>[] } | { type: 'transferred' };

export function run(
  system: ActorSystemRef,
  { accounts, transfers }: { accounts: number; transfers: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    const all = Array.from({ length: accounts }, () =>
      spawn({ balance: 1_000_000 }, async (state, message: ToAccount) => {
        if (message.type === 'deposit') {
          state.balance += message.amount;
          dispatch(message.from, true);
          return;
        }
        const { amount, to, teller } = message;
        state.balance -= amount;
        await query(to, (from: Ref<boolean>): ToAccount => ({ type: 'deposit', amount, from }), 30_000);
        dispatch(teller, { type: 'transferred' });
      }),
    );
    const teller = spawn({ left: transfers }, (state, message: ToTeller, { self }) => {
      if (message.type === 'transferred') {
        state.left -= 1;
        if (state.left === 0) done();
        return;
      }
      const random = randomNumbers();
      for (let index = 0; index < transfers; index++) {
        // A payee is always behind its payer, so that no circle of accounts waits for itself.
        const payer = random(Math.floor(accounts * 0.8));
        const payee = payer + 1 + random(accounts - payer - 1);
        dispatch(message.accounts[payer] as Ref<ToAccount>, {
          type: 'transfer',
          amount: random(1_000),
          to: message.accounts[payee] as Ref<ToAccount>,
          teller: self,
        });
      }
    });
    dispatch(teller, { type: 'start', accounts: all });
  });
}
