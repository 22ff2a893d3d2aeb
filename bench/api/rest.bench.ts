import { availableParallelism } from 'node:os';
import { median } from '../support/median.ts';
import { type Figure, report } from '../support/report.ts';
import { Contender, type Sample } from './contender.ts';
import { openTarget } from './open-target.ts';
import { workloads } from './workloads.ts';

/**
 * The PostgREST dialect with key check, row security, SQLGuard and audit on, against servers written by hand on the
 * same database, in the same run, in turn (A B A B), 32 keep-alive connections, random keys and values, no response
 * cache anywhere.
 */
const short = process.argv.includes('--short');
const rounds = short ? 1 : 4;
const durationMs = short ? 1_200 : 5_000;
const connections = 32;
const talk = (text: string): void => void process.stderr.write(`${text}\n`);

await using target = await openTarget();
const { generator, magflock, databaseUrl, authenticatorUrl } = target;
const figures: Figure[] = [];
const rivals: Contender[] = [];

async function rival(...options: Parameters<typeof Contender.rival>): Promise<Contender> {
  const made = await Contender.rival(...options);
  rivals.push(made);
  return made;
}

try {
  // The size of the pools that is best for reads by key, so that nobody is handicapped.
  const byKey = workloads[0] as (typeof workloads)[number];
  const best = async (mode: 'bare' | 'rls'): Promise<{ contender: Contender; pool: number }> => {
    const tried: { contender: Contender; pool: number; perSecond: number }[] = [];
    for (const pool of short ? [10] : [4, 10, 20]) {
      const contender = await rival(
        `Koa + pg.Pool(${pool}), ${mode}`,
        mode === 'rls' ? authenticatorUrl : databaseUrl,
        mode,
        pool,
      );
      await contender.run(generator, byKey, { durationMs: 1_000, connections });
      const { perSecond } = await contender.run(generator, byKey, {
        durationMs: short ? 500 : 3_000,
        connections,
      });
      talk(`${contender.name}: ${perSecond.toFixed(0)}/s`);
      tried.push({ contender, pool, perSecond });
    }
    const winner = tried.reduce((left, right) => (right.perSecond > left.perSecond ? right : left));
    for (const one of tried) if (one !== winner) await one.contender.stop();
    return winner;
  };
  const bare = await best('bare');
  const rls = await best('rls');
  const perCorePool = Math.ceil(bare.pool / availableParallelism());
  const perCore = await rival(
    `Koa + pg.Pool(${perCorePool}), bare, one per core`,
    databaseUrl,
    'bare',
    perCorePool,
    availableParallelism(),
  );
  const contenders = [magflock, rls.contender, bare.contender, ...(short ? [] : [perCore])];

  for (const workload of workloads) {
    const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
    for (const contender of contenders) {
      await contender.run(generator, workload, { durationMs: short ? 400 : 2_000, connections });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of contenders) {
        const sample = await contender.run(generator, workload, { durationMs, connections });
        samples.get(contender)?.push(sample);
        talk(
          `${workload.name.padEnd(28)} ${contender.name.padEnd(40)} ${sample.perSecond.toFixed(0).padStart(7)}/s  p50 ${sample.p50.toFixed(2)} ms  p99 ${sample.p99.toFixed(2)} ms  CPU ${sample.cpuMicrosPerRequest.toFixed(0)} µs/request`,
        );
      }
    }
    const of = (contender: Contender, pick: (sample: Sample) => number): number =>
      median((samples.get(contender) ?? []).map(pick));
    const rate = of(magflock, (sample) => sample.perSecond);
    for (const contender of contenders.slice(1)) {
      const peerValue = of(contender, (sample) => sample.perSecond);
      const goal =
        contender === rls.contender
          ? workload.goals.rls
          : contender === bare.contender
            ? workload.goals.bare
            : undefined;
      figures.push({
        measure: `${workload.name}, requests per second`,
        peer: contender.name,
        value: rate,
        peerValue,
        ratio: rate / peerValue,
        goal: goal === undefined ? 'reported' : `>= ${goal.toFixed(1)}`,
        ok: goal === undefined ? null : rate / peerValue >= goal,
      });
    }
    for (const [label, pick] of [
      ['p99, milliseconds', (sample: Sample) => sample.p99],
      ['CPU of the server, microseconds per request', (sample: Sample) => sample.cpuMicrosPerRequest],
      ['memory of the server under load, MiB', (sample: Sample) => sample.memoryMegabytes],
    ] as const) {
      const [value, peerValue] = [of(magflock, pick), of(rls.contender, pick)];
      figures.push({
        measure: `${workload.name}, ${label}`,
        peer: rls.contender.name,
        value,
        peerValue,
        ratio: value / peerValue,
        goal: 'reported',
        ok: null,
      });
    }
    if (workload === byKey || workload.name === 'list of 20') {
      // At half of what MagFlock can, open loop: the clock of a request starts when it was due.
      const ratePerSecond = Math.floor(of(rls.contender, (sample) => sample.perSecond) / 2);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push((await magflock.run(generator, workload, { durationMs, connections, ratePerSecond })).p99);
        theirs.push(
          (await rls.contender.run(generator, workload, { durationMs, connections, ratePerSecond })).p99,
        );
      }
      figures.push({
        measure: `${workload.name}, p99 at half of the rival's top rate, ms`,
        peer: rls.contender.name,
        value: median(ours),
        peerValue: median(theirs),
        ratio: median(ours) / median(theirs),
        goal: '<= 1.2',
        ok: median(ours) / median(theirs) <= 1.2,
      });
    }
  }

  report(figures);
} finally {
  for (const one of rivals) await one.stop();
}
