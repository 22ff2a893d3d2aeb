import { median } from '../support/median.ts';
import { report } from '../support/report.ts';
import { Contender } from './support/contender.ts';
import { figureOf } from './support/figure-of.ts';
import { takeTurns } from './support/take-turns.ts';

// Asks between two threads: many in flight, and one. Every contender has one thread on the other side and is driven
// by the same code.
const short = process.argv.includes('--short');
const width = 256;
const rounds = short ? 2 : 12;
const milliseconds = short ? 200 : 400;

const start = (name: string, file: string, ...args: string[]): Contender =>
  new Contender(name, new URL(`./ask/${file}.process.ts`, import.meta.url), { args });
const magflock = start('MagFlock', 'magflock');
const comlink = start('comlink', 'comlink');
const barePort = start('bare MessagePort', 'bare-port');
const pools = ['sync', 'async', 'disabled'].map((atomics) =>
  start(`piscina, atomics ${atomics}`, 'piscina', atomics),
);
const contenders = [magflock, comlink, barePort, ...pools];

try {
  // The peer's best setting is found first, so that it is not handicapped.
  const tried = await takeTurns(pools, short ? 1 : 3, (pool) =>
    pool.measure('rate', { width, milliseconds: 200 }),
  );
  const piscina = pools.reduce((best, pool) =>
    median(tried.get(pool.name) ?? []) > median(tried.get(best.name) ?? []) ? pool : best,
  );
  const rates = await takeTurns([magflock, comlink, piscina, barePort], rounds, (contender) =>
    contender.measure('rate', { width, milliseconds }),
  );
  const latencies = await takeTurns([magflock, comlink, barePort], rounds, (contender) =>
    contender.measure('latency', { milliseconds }),
  );
  const row = (
    measure: string,
    samples: ReadonlyMap<string, readonly number[]>,
    peer: Contender,
    goal: Parameters<typeof figureOf>[0]['goal'],
  ) =>
    figureOf({
      measure,
      samples: samples.get(magflock.name) ?? [],
      peer: { name: peer.name, samples: samples.get(peer.name) ?? [] },
      ...(goal === undefined ? {} : { goal }),
    });
  const many = `asks per second, two threads, ${width} in flight`;
  const one = 'round trip of one ask, two threads, p50 µs';
  report([
    row(many, rates, comlink, { of: 'ratio', atLeast: 10 }),
    row(`${many}, 64 tasks per worker`, rates, piscina, { of: 'ratio', atLeast: 5 }),
    row(many, rates, barePort, undefined),
    row(one, latencies, comlink, { of: 'ratio', atMost: 0.9 }),
    row(one, latencies, barePort, { of: 'ratio', atMost: 1.1 }),
  ]);
} finally {
  for (const contender of contenders) await contender.stop();
}
