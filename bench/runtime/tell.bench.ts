import { report } from '../support/report.ts';
import { Contender } from './support/contender.ts';
import { figureOf } from './support/figure-of.ts';
import { takeTurns } from './support/take-turns.ts';

// Tells from one sender to one actor of the same thread, in bursts; a burst counts when the last of it was handled.
const short = process.argv.includes('--short');
const rounds = short ? 3 : 12;
const milliseconds = short ? 150 : 400;

const contenders = (['magflock', 'nact', 'xstate'] as const).map(
  (name) => new Contender(name, new URL(`./tell/${name}.process.ts`, import.meta.url)),
);
try {
  const samples = await takeTurns(contenders, rounds, (contender) =>
    contender.measure('rate', { milliseconds }),
  );
  const of = (name: string): readonly number[] => samples.get(name) ?? [];
  const measure = 'tell, same thread, messages per second';
  report([
    figureOf({
      measure,
      samples: of('magflock'),
      peer: { name: 'nact', samples: of('nact') },
      goal: { of: 'ratio', atLeast: 10 },
    }),
    figureOf({ measure, samples: of('magflock'), peer: { name: 'xstate', samples: of('xstate') } }),
  ]);
} finally {
  for (const contender of contenders) await contender.stop();
}
