import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Figure, report } from '../support/report.ts';
import { figureOf } from './support/figure-of.ts';

// MagGate through the finished runtime: `bench/api/read.bench.ts`, whose peer is a hand-written Koa handler on the
// same database in the same run. Rates of two days or machines cannot be compared; the ratio to that peer can.
const ratioBefore = 1.66;
const short = process.argv.includes('--short');

if (short) {
  process.stderr.write(
    'the gateway is measured in full runs only; npm run bench -- api --short shows that it runs\n',
  );
  report([]);
} else {
  const file = fileURLToPath(new URL('../api/read.bench.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file, '--json', '--by-key'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`bench/api/read.bench.ts ended with ${code}`);
  const figure = (JSON.parse(printed) as Figure[]).find(
    ({ measure, peer }) =>
      measure === 'read by random key, requests per second' && peer.endsWith('one process'),
  );
  if (figure === undefined) throw new Error('bench/api/read.bench.ts has no figure of reads by key any more');
  report([
    figureOf({
      measure: 'MagGate read by key, times the rate of a bare Koa and pg',
      samples: [figure.ratio ?? Number.NaN],
      peer: { name: 'the same before this runtime', samples: [ratioBefore] },
      goal: { of: 'ratio', atLeast: 1 },
    }),
  ]);
}
