import { report } from '../support/report.ts';
import { Contender } from './support/contender.ts';
import { figureOf } from './support/figure-of.ts';

// A thread actor ends its thread while a hundred messages wait behind: time to the first answer of the next
// incarnation. A message lost, run twice or out of order fails the run.
const short = process.argv.includes('--short');
const rounds = short ? 2 : 12;
const restMs = short ? 700 : 800;

const machine = new Contender('MagFlock', new URL('./crash/crash.process.ts', import.meta.url));
/** Crashes that follow at once, before there is a spare thread again. */
const again: number[] = [];
const samples = { exit: [] as number[], throw: [] as number[] };
try {
  for (let round = 0; round <= rounds; round++) {
    for (const how of ['exit', 'throw'] as const) {
      const sample = await machine.measure('crash', { how, restMs });
      if (round > 0) samples[how].push(sample);
    }
  }
  for (let round = 0; round < rounds; round++) {
    again.push(await machine.measure('crash', { how: 'exit', restMs: 0 }));
  }
} finally {
  await machine.stop();
}
report([
  figureOf({
    measure: 'crash of a thread actor (process.exit) to first answer, ms',
    samples: samples.exit,
    goal: { of: 'value', atMost: 100 },
  }),
  figureOf({ measure: 'crash again at once (process.exit) to first answer, ms', samples: again }),
  figureOf({
    measure: 'crash of a thread actor (throws in a timer) to first answer, ms',
    samples: samples.throw,
    goal: { of: 'value', atMost: 100 },
  }),
]);
