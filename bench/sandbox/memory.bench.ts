import { Contender } from '../runtime/support/contender.ts';
import { figureOf } from '../runtime/support/figure-of.ts';
import { report } from '../support/report.ts';

// Memory of idle extensions whose isolates are alive, with everything around them, beside a worker thread each.
const short = process.argv.includes('--short');
const count = short ? 150 : 500;
const start = (name: string, file: string): Contender =>
  new Contender(name, new URL(`./memory/${file}.process.ts`, import.meta.url), {
    flags: ['--no-node-snapshot'],
  });
const cage = start('cage', 'cage');
const worker = start('a worker thread each (40)', 'worker');
try {
  const caged = await cage.measure('each', { count });
  const threaded = await worker.measure('each', { count: 40 });
  report([
    figureOf({
      measure: `memory per idle extension of ${count}, MiB`,
      samples: [caged],
      peer: { name: worker.name, samples: [threaded] },
      goal: { of: 'ratio', atMost: 0.25 },
    }),
  ]);
} finally {
  await cage.stop();
  await worker.stop();
}
