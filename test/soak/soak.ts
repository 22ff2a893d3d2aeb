import { parseArgs } from 'node:util';
import { createActorSystem } from '../../runtime/actor-system.ts';
import { growth, type Sample } from './growth.ts';
import { Load } from './load.ts';
import { type Resources, watchResources } from './watch-resources.ts';

/**
 * `npm run soak -- [--minutes 10 | --seconds 20] [--json] [--leak memory|timer]`: a machine under load with random
 * kills. Ends with 1 when memory grows, something is left behind, or an ask was not settled. `--leak` leaks on
 * purpose, to see that it is noticed.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    json: { type: 'boolean' },
    leak: { type: 'string' },
  },
});
const seconds = values.seconds !== undefined ? Number(values.seconds) : Number(values.minutes ?? 10) * 60;
if (!(seconds > 0)) throw new Error('--minutes and --seconds take a number above 0');

const megabyte = 1024 * 1024;
/**
 * Growth over the measured part of the run that is still called flat. The memory of a process comes to rest only after
 * minutes of threads that come and go, so that a short run sees leaks by the heap and by what is left.
 */
const bounds = { heapBytes: 8 * megabyte, rssBytes: (seconds < 300 ? 160 : 64) * megabyte };
/** Share of the run that warms up: code is compiled, pools and tables get their sizes. */
const warmUp = 0.3;
/** Codes an ask may end with: killed while it ran, its own defect, a child that is gone. */
const allowed = new Set(['answered', 'MF601', 'MF604', 'MF699']);
const gauges = [
  'magflock_asks_open',
  'magflock_actor_mailbox_messages',
  'magflock_link_waiting_messages',
  'magflock_link_unanswered_messages',
];

const broken: string[] = [];
const must = (holds: boolean, what: string): void => {
  if (!holds) broken.push(what);
};
const elapsed = (): number => (performance.now() - started) / 1_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const resources = watchResources();
await pause(50);
const before = resources.now();
const system = await createActorSystem({
  supervision: { intensity: { restarts: 1_000_000 }, backoff: { baseMs: 1, maxMs: 20 } },
});
const load = new Load(system, () => elapsed() < seconds);
await load.start();
const started = performance.now();
const samples: (Resources & { readonly at: number })[] = [];
const kept: unknown[] = [];
const sampling = sample();
await load.run();
await sampling;

const left = await settled();
const children = await childrenAtRest();
await system.stop();
await pause(200);
const after = resources.now();
resources.stop();

const flat = samples.filter(({ at }) => at >= seconds * warmUp);
const grew = (key: 'heapBytes' | 'rssBytes') =>
  growth(flat.map((each): Sample => ({ at: each.at, value: each[key] })));
const heapGrowth = grew('heapBytes');
const rssGrowth = grew('rssBytes');
const unexpected = [...load.outcomes].filter(([outcome]) => !allowed.has(outcome));

must(heapGrowth <= bounds.heapBytes, `the heap grew by ${inMegabytes(heapGrowth)} MB`);
must(rssGrowth <= bounds.rssBytes, `the process grew by ${inMegabytes(rssGrowth)} MB`);
must(load.asked === load.settled, `${load.asked - load.settled} asks were not settled`);
must(load.told === load.tellsRun, `${load.told} tells were sent to parts and ${load.tellsRun} ran`);
must(unexpected.length === 0, `asks ended with ${unexpected.map((each) => each.join(' × ')).join()}`);
must((load.outcomes.get('answered') ?? 0) > load.asked / 2, 'less than half of the asks were answered');
for (const [gauge, count] of left) must(count === 0, `${gauge} is ${count} after the load`);
for (const [path, count] of children) must(count === 1, `${path} has ${count} children, not 1`);
for (const kind of ['threads', 'timers', 'ports'] as const) {
  must(after[kind] <= before[kind], `${after[kind] - before[kind]} ${kind} are left`);
}

const figures = {
  seconds: Math.round(elapsed()),
  asks: load.asked,
  tells: load.told,
  heard: load.heard,
  kills: load.kills,
  swaps: load.swaps,
  outcomes: Object.fromEntries(load.outcomes),
  heapMegabytes: inMegabytes(flat.at(-1)?.heapBytes ?? 0),
  heapGrowthMegabytes: inMegabytes(heapGrowth),
  rssMegabytes: inMegabytes(flat.at(-1)?.rssBytes ?? 0),
  rssGrowthMegabytes: inMegabytes(rssGrowth),
  left: {
    threads: after.threads - before.threads,
    timers: after.timers - before.timers,
    ports: after.ports - before.ports,
  },
  broken,
};
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
else {
  process.stdout.write(
    `soak: ${figures.seconds} s, ${figures.asks} asks, ${figures.tells} tells, ${figures.kills} kills, ${figures.swaps} swaps; ` +
      `heap ${figures.heapMegabytes} MB (${signed(figures.heapGrowthMegabytes)}), ` +
      `process ${figures.rssMegabytes} MB (${signed(figures.rssGrowthMegabytes)}); ` +
      `left: ${figures.left.threads} threads, ${figures.left.timers} timers, ${figures.left.ports} ports; ` +
      `${broken.length === 0 ? 'ok' : 'BROKEN'}\n`,
  );
  for (const line of broken) process.stdout.write(`  ${line}\n`);
}
process.exitCode = broken.length === 0 ? 0 : 1;

async function sample(): Promise<void> {
  const every = Math.max(250, Math.min(2_000, seconds * 10));
  while (elapsed() < seconds) {
    await pause(every);
    samples.push({ at: elapsed(), ...resources.now() });
    if (values.leak === 'memory') kept.push(Array.from({ length: 40_000 }, (_, index) => ({ index })));
    if (values.leak === 'timer') setInterval(() => {}, 60_000);
  }
}

/** Children of each part. One that was killed last may be starting anew: it has five seconds to be there. */
async function childrenAtRest(): Promise<readonly (readonly [string, number | undefined])[]> {
  const end = performance.now() + 5_000;
  for (;;) {
    const { parts } = await system.motherboard.tree.tree({});
    const counts = parts.map(({ path, actor }) => [path, actor?.childCount] as const);
    if (counts.every(([, count]) => count === 1) || performance.now() > end) return counts;
    await pause(50);
  }
}

/** What the machine still holds when nobody asks any more; it gets some time to come to rest. */
async function settled(): Promise<readonly (readonly [string, number])[]> {
  const end = performance.now() + 20_000;
  for (;;) {
    const { text } = await system.motherboard.metrics();
    const lines = text.split('\n');
    const counts = gauges.map((gauge) => {
      const values = lines
        .filter((line) => line.startsWith(`${gauge}{`))
        .map((line) => Number(line.split(' ').at(-1)));
      return [gauge, values.reduce((sum, value) => sum + value, 0)] as const;
    });
    const atRest = counts.every(([, count]) => count === 0) && load.told === load.tellsRun;
    if (atRest || performance.now() > end) return counts;
    await pause(100);
  }
}

function inMegabytes(bytes: number): number {
  return Math.round((bytes / megabyte) * 10) / 10;
}

function signed(value: number): string {
  return value < 0 ? String(value) : `+${value}`;
}
