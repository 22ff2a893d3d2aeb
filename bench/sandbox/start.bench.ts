import { Contender } from '../runtime/support/contender.ts';
import { figureOf } from '../runtime/support/figure-of.ts';
import { takeTurns } from '../runtime/support/take-turns.ts';
import { report } from '../support/report.ts';

// An extension that starts in a warm cage, to its first answer, beside a new worker thread that does the same.
const short = process.argv.includes('--short');
const start = (name: string, file: string): Contender =>
  new Contender(name, new URL(`./start/${file}.process.ts`, import.meta.url), {
    flags: ['--no-node-snapshot'],
  });
const cage = start('cage', 'cage');
const worker = start('new worker thread', 'worker');
try {
  const samples = await takeTurns([cage, worker], short ? 10 : 60, (one) => one.measure('start'));
  report([
    figureOf({
      measure: 'start of an extension to its first answer, ms',
      samples: samples.get(cage.name) ?? [],
      peer: { name: worker.name, samples: samples.get(worker.name) ?? [] },
      goal: { of: 'ratio', atMost: 0.5 },
    }),
  ]);
} finally {
  await cage.stop();
  await worker.stop();
}
