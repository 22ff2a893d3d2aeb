import { Contender } from '../runtime/support/contender.ts';
import { figureOf } from '../runtime/support/figure-of.ts';
import { takeTurns } from '../runtime/support/take-turns.ts';
import { report } from '../support/report.ts';

// A hook in a cage: the time of one call beside a message over the channel of `fork`, and the rate of many beside
// isolated-vm alone, without a process around it.
const short = process.argv.includes('--short');
const rounds = short ? 2 : 10;
const latency = { calls: short ? 1_000 : 4_000 };
const rate = { calls: short ? 20_000 : 100_000, width: 64 };

const start = (name: string, file: string): Contender =>
  new Contender(name, new URL(`./call/${file}.process.ts`, import.meta.url), {
    flags: ['--no-node-snapshot'],
  });
const cage = start('cage', 'cage');
const forked = start('bare fork', 'fork');
const isolate = start('isolated-vm, asynchronous apply', 'isolate');
const contenders = [cage, forked, isolate];

try {
  const p50 = await takeTurns([cage, forked], rounds, (one) =>
    one.measure('latency', { ...latency, share: 0.5 }),
  );
  const p99 = await takeTurns([cage, forked], rounds, (one) =>
    one.measure('latency', { ...latency, share: 0.99 }),
  );
  const rates = await takeTurns([cage, isolate], rounds, (one) => one.measure('rate', rate));
  const of = (samples: ReadonlyMap<string, readonly number[]>, one: Contender) => samples.get(one.name) ?? [];
  report([
    figureOf({
      measure: 'call of a hook in a cage, p50 µs',
      samples: of(p50, cage),
      peer: { name: forked.name, samples: of(p50, forked) },
      goal: { of: 'ratio', atMost: 1.3 },
    }),
    figureOf({
      measure: 'call of a hook in a cage, p99 µs',
      samples: of(p99, cage),
      peer: { name: forked.name, samples: of(p99, forked) },
    }),
    figureOf({
      measure: 'hook calls per second, 64 in flight',
      samples: of(rates, cage),
      peer: { name: isolate.name, samples: of(rates, isolate) },
      goal: { of: 'ratio', atLeast: 0.8 },
    }),
  ]);
} finally {
  for (const contender of contenders) await contender.stop();
}
