import fc from 'fast-check';
import type { LedgerProtocol } from './support/ledger.ts';
import { bootMachine, echo, fixture } from './support/machine.ts';
import { type Sender, Streams } from './support/streams.ts';

type Step =
  | { readonly kind: 'send'; readonly from: Sender; readonly count: number }
  | { readonly kind: 'swap'; readonly module: string; readonly timeoutMs: number; readonly await: boolean }
  | { readonly kind: 'pause'; readonly ms: number };

const senders = ['main', 'relay-0', 'relay-1'] as const;
const modules = [
  'ledger.actor',
  'ledger-next.actor',
  'ledger-narrow.actor',
  'ledger-mute.actor',
  'ledger-broken.actor',
];
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      from: fc.constantFrom(...senders),
      count: fc.integer({ min: 1, max: 150 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('swap' as const),
      module: fc.constantFrom(...modules),
      // A budget that is sometimes too small: these are rolled back.
      timeoutMs: fc.constantFrom(1, 4, 10, 2_000, 2_000),
      await: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.integer({ min: 0, max: 40 }) }),
  },
);

/**
 * Three senders in three threads, a part that is swapped at random, in vain at times and twice at once: each message
 * is answered once with its value, is run once, and in the order of its sender.
 */
async function losesNothing(placement: 'own' | 'shared' | 'inline', steps: readonly Step[]): Promise<void> {
  const relay = (name: string) => ({ ...echo(name), module: fixture('relay.actor') });
  const machine = await bootMachine([
    {
      id: 'ledger',
      module: fixture('ledger.actor'),
      placement:
        placement === 'inline'
          ? { kind: 'inline' }
          : { kind: 'thread', ...(placement === 'shared' ? { thread: 'relay-0' } : {}) },
    },
    relay('relay-0'),
    relay('relay-1'),
  ]);
  const streams = new Streams(machine);
  const swaps: Promise<unknown>[] = [];
  try {
    for (const current of steps) {
      if (current.kind === 'send') streams.send(current.from, current.count);
      else if (current.kind === 'pause') await new Promise((resolve) => setTimeout(resolve, current.ms));
      else {
        const { module, timeoutMs } = current;
        const swap = machine.motherboard
          .swap('ledger', { module: fixture(module), timeoutMs })
          .catch(() => {});
        swaps.push(swap);
        if (current.await) await swap;
      }
    }
    await Promise.all(swaps);
    await streams.check(machine.ref<LedgerProtocol>('ledger'));
  } finally {
    await machine.close();
  }
}

describe('hot swaps at random', () => {
  for (const [placement, numRuns] of [
    ['own', 4],
    ['shared', 4],
    ['inline', 4],
  ] as const) {
    const where = { own: 'in a thread of its own', shared: 'in the thread of a sender', inline: 'inline' };
    it(`lose nothing of what is sent to a part ${where[placement]}`, async () => {
      const plan = fc.array(step, { minLength: 5, maxLength: 18 });
      await fc.assert(
        fc.asyncProperty(plan, (steps) => losesNothing(placement, steps)),
        { numRuns, endOnFailure: true },
      );
    }).timeout(120_000);
  }
});
