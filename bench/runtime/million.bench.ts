import { report } from '../support/report.ts';
import type { MillionSample } from './million/million.process.ts';
import { Contender } from './support/contender.ts';
import { figureOf } from './support/figure-of.ts';

// A million actors in one thread: memory at rest, and how long their creation takes.
const count = 1_000_000;
const rounds = process.argv.includes('--short') ? 1 : 5;

const samples: MillionSample[] = [];
for (let round = 0; round < rounds; round++) {
  const million = new Contender('million', new URL('./million/million.process.ts', import.meta.url), {
    flags: ['--expose-gc'],
  });
  try {
    samples.push(await million.measure<MillionSample>('create', { count }));
  } finally {
    await million.stop();
  }
}
report([
  figureOf({
    measure: 'one million inline actors, bytes each at rest',
    samples: samples.map(({ bytesEach }) => bytesEach),
    goal: { of: 'value', atMost: 400 },
  }),
  figureOf({
    measure: 'one million inline actors, bytes each after a message',
    samples: samples.map(({ bytesEachAfterMessage }) => bytesEachAfterMessage),
  }),
  figureOf({
    measure: 'one million inline actors, seconds to create them',
    samples: samples.map(({ createdMs }) => createdMs / 1000),
    goal: { of: 'value', atMost: 3 },
  }),
]);
