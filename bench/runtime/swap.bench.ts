import { report } from '../support/report.ts';
import { Contender } from './support/contender.ts';
import { figureOf } from './support/figure-of.ts';
import type { SwapSample } from './swap/swap.process.ts';

// Hot swaps of a part in a thread under an open loop of 10,000 asks a second, in turn with the same load without.
const short = process.argv.includes('--short');
const rounds = short ? 1 : 5;
const order = { perSecond: 10_000, milliseconds: short ? 1_000 : 2_000 };
const swapEveryMs = 250;

const machine = new Contender('MagFlock', new URL('./swap/swap.process.ts', import.meta.url));
const calm: SwapSample[] = [];
const swapped: SwapSample[] = [];
try {
  for (let round = 0; round <= rounds; round++) {
    const samples = [
      await machine.measure<SwapSample>('load', order),
      await machine.measure<SwapSample>('load', { ...order, swapEveryMs }),
    ] as const;
    if (round === 0) continue;
    calm.push(samples[0]);
    swapped.push(samples[1]);
  }
} finally {
  await machine.stop();
}
const count = swapped.reduce((sum, { swaps }) => sum + swaps, 0);
process.stderr.write(
  `swaps: ${count}; answered per second: ${swapped.map(({ rate }) => rate.toFixed()).join(', ')}\n`,
);
const peer = { name: 'the same load without swaps', samples: calm.map(({ p99 }) => p99) };
report([
  figureOf({
    measure: 'hot swap under 10,000 asks/s, errors, lost, doubled or disordered',
    samples: [[...calm, ...swapped].reduce((sum, { errors, gaps }) => sum + errors + gaps, 0)],
    goal: { of: 'value', atMost: 0 },
  }),
  figureOf({
    measure: 'hot swap under 10,000 asks/s, added p99 ms',
    samples: swapped.map(({ p99 }, round) => p99 - (calm[round]?.p99 ?? Number.NaN)),
    goal: { of: 'value', atMost: 20 },
  }),
  figureOf({
    measure: 'hot swap under 10,000 asks/s, p99 ms',
    samples: swapped.map(({ p99 }) => p99),
    peer,
  }),
  figureOf({
    measure: 'hot swap under 10,000 asks/s, longest ms',
    samples: swapped.map(({ most }) => most),
    peer: { ...peer, samples: calm.map(({ most }) => most) },
  }),
]);
