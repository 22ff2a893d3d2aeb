import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../../../runtime/actor/define-actor.ts';
import type { ActorSystem } from '../../../../runtime/actor-system.ts';
import { randomNumbers } from '../random-numbers.ts';
import { runMain } from './run-main.ts';
import { selfOf } from './self-of.ts';

interface Transfer {
  readonly amount: number;
  readonly to: ActorRef<Account>;
  readonly teller: ActorRef<Teller>;
}
interface Account {
  transfer(transfer: Transfer): void;
  deposit(amount: number): boolean;
}
interface Teller {
  start(accounts: readonly ActorRef<Account>[]): void;
  transferred(request: null): void;
}
interface Args {
  readonly transfers: number;
  readonly done: () => void;
}

const teller = defineActor<{ self: ActorRef<Teller>; left: number; done: () => void }, Teller, Args>({
  name: 'teller',
  version: '1.0.0',
  mailbox: { limit: 2_000_000 },
  init: (context, { transfers, done }) => ({ self: selfOf<Teller>(context), left: transfers, done }),
  methods: {
    start({ self, left }, accounts) {
      const random = randomNumbers();
      for (let index = 0; index < left; index++) {
        // A payee is always behind its payer, so that no circle of accounts waits for itself.
        const payer = random(Math.floor(accounts.length * 0.8));
        const payee = payer + 1 + random(accounts.length - payer - 1);
        const to = accounts[payee] as ActorRef<Account>;
        accounts[payer]?.tell('transfer', { amount: random(1_000), to, teller: self });
      }
    },
    transferred(state) {
      state.left -= 1;
      if (state.left === 0) state.done();
    },
  },
});

const account = defineActor<{ balance: number }, Account>({
  name: 'account',
  version: '1.0.0',
  init: () => ({ balance: 1_000_000 }),
  methods: {
    async transfer(state, { amount, to, teller }) {
      state.balance -= amount;
      await to.ask('deposit', amount);
      teller.tell('transferred', null);
    },
    deposit(state, amount) {
      state.balance += amount;
      return true;
    },
  },
});

export function run(
  system: ActorSystem,
  { accounts, transfers }: { accounts: number; transfers: number },
): Promise<void> {
  return runMain(system, (spawn, done) => {
    const all = Array.from({ length: accounts }, () => spawn(account));
    spawn(teller, { transfers, done }).tell('start', all);
  });
}
