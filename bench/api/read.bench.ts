import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { startDaemon } from '../../test/support/daemon.ts';
import { childPids } from '../support/child-pids.ts';
import type { LoadResult } from '../support/load.ts';
import { LoadProcess } from '../support/load-process.ts';
import { median } from '../support/median.ts';
import { processCost } from '../support/process-cost.ts';
import { type Figure, report } from '../support/report.ts';

/**
 * MagGate reads with key check, SQLGuard and audit on, against a hand-written Koa + pg.Pool handler without any
 * of them: same database, same run, same load, in turn (A B A B) so that a drifting machine hits both.
 */
const short = process.argv.includes('--short');
const rounds = short ? 1 : 4;
const durationMs = short ? 2000 : 5000;
const connections = 32;
const rows = 100_000;

interface Contender {
  readonly name: string;
  readonly port: number;
  readonly headers: readonly string[];
  readonly pids: () => number[];
}

interface Sample extends LoadResult {
  readonly cpuMicrosPerRequest: number;
  readonly memoryMegabytes: number;
}

const workloads = [
  { name: 'read by random key', template: '/api/item/{key}', keys: rows },
  { name: 'random list of 20', template: '/api/item?id=gte.{key}&limit=20', keys: rows - 20 },
].slice(0, process.argv.includes('--by-key') ? 1 : undefined);

const talk = (text: string): void => void process.stderr.write(`${text}\n`);

const rivals: ChildProcess[] = [];
async function startRival(
  databaseUrl: string,
  port: number,
  pool: number,
): Promise<{ port: number; pid: number }> {
  const child = fork(
    new URL('./rivals/koa-pg.process.ts', import.meta.url),
    [databaseUrl, String(port), String(pool)],
    {
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  rivals.push(child);
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) =>
      resolve({ port: message.port, pid: child.pid ?? 0 }),
    );
    child.once('exit', (code) => reject(new Error(`the rival ended with ${code}`)));
  });
}

/** Ends a rival and waits until it is gone, so that the server has its connections back. */
async function stopRival(pid: number): Promise<void> {
  const rival = rivals.find((child) => child.pid === pid);
  if (rival === undefined) return;
  rival.removeAllListeners('exit');
  await new Promise((resolve) => {
    rival.once('exit', resolve);
    rival.kill();
  });
}

const daemon = await startDaemon({ env: { MAGFLOCK_LOG_LEVEL: 'warn' } });
const generator = new LoadProcess();
const figures: Figure[] = [];
try {
  talk(`filling ${rows} rows`);
  await daemon.sql(`create table item (id integer primary key, name text not null, price numeric(10,2) not null,
      album_id integer not null, note text, created_at timestamptz not null default now());
    insert into item select i, 'item ' || i, (i % 1000) / 7.0, i % 300, md5(i::text), now() from generate_series(1, ${rows}) i;`);
  await daemon.sql('vacuum analyze item');
  const key = await daemon.createKey('service_role');
  const databaseUrl = await daemon.databaseUrl();
  const magflock: Contender = {
    name: 'MagFlock',
    port: Number(new URL(daemon.url).port),
    headers: [`X-API-Key: ${key}`],
    pids: () => [daemon.pid],
  };

  const run = async (
    contender: Contender,
    workload: (typeof workloads)[number],
    ms: number,
  ): Promise<Sample> => {
    const pids = contender.pids();
    const before = processCost(pids);
    const result = await generator.run({
      host: '127.0.0.1',
      port: contender.port,
      connections,
      durationMs: ms,
      headers: contender.headers,
      template: workload.template,
      keys: workload.keys,
    });
    const failed = Object.entries(result.failures);
    if (failed.length > 0 || result.requests === 0)
      throw new Error(
        `${contender.name}, ${workload.name}: ${JSON.stringify(result.failures)} of ${result.requests}`,
      );
    const after = processCost(pids);
    return {
      ...result,
      cpuMicrosPerRequest: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / result.requests,
      memoryMegabytes: after.memoryMegabytes,
    };
  };

  const atRest = processCost(childPids(daemon.pid)).memoryMegabytes;
  // The best pool size is found first, under the same load, so that the rival is not handicapped.
  const byKey = workloads[0] as (typeof workloads)[number];
  const pools: { pool: number; pid: number; contender: Contender; perSecond: number }[] = [];
  for (const pool of [4, 10, 20]) {
    const rival = await startRival(databaseUrl, 0, pool);
    const contender: Contender = {
      name: `Koa + pg.Pool(${pool})`,
      port: rival.port,
      headers: [],
      pids: () => [rival.pid],
    };
    await run(contender, byKey, 1000);
    const { perSecond } = await run(contender, byKey, short ? 1000 : 3000);
    pools.push({ pool, pid: rival.pid, contender, perSecond });
    talk(`pool ${pool}: ${pools.at(-1)?.perSecond.toFixed(0)}/s`);
  }
  const best = pools.reduce((left, right) => (right.perSecond > left.perSecond ? right : left));
  // An owner's connections are limited: the pools that lost give theirs back, and the processes share one number.
  await Promise.all(pools.filter((tried) => tried !== best).map((tried) => stopRival(tried.pid)));
  const poolPerCore = Math.ceil(best.pool / availableParallelism());
  const cluster = await startRival(databaseUrl, 0, poolPerCore);
  const clusterPids = [cluster.pid];
  for (let core = 1; core < availableParallelism(); core++)
    clusterPids.push((await startRival(databaseUrl, cluster.port, poolPerCore)).pid);
  const oneProcess: Contender = { ...best.contender, name: `${best.contender.name}, one process` };
  const perCore: Contender = {
    name: `Koa + pg.Pool(${poolPerCore}), one per core`,
    port: cluster.port,
    headers: [],
    pids: () => clusterPids,
  };

  for (const workload of workloads) {
    const contenders = [magflock, oneProcess, perCore];
    const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
    for (const contender of contenders) await run(contender, workload, short ? 500 : 2000);
    for (let round = 0; round < rounds; round++)
      for (const contender of contenders) {
        const sample = await run(contender, workload, durationMs);
        samples.get(contender)?.push(sample);
        talk(
          `${workload.name.padEnd(20)} ${contender.name.padEnd(36)} ${sample.perSecond.toFixed(0).padStart(7)}/s  p50 ${sample.p50.toFixed(2)} ms  p99 ${sample.p99.toFixed(2)} ms  CPU ${sample.cpuMicrosPerRequest.toFixed(0)} µs/request  memory ${sample.memoryMegabytes.toFixed(0)} MiB`,
        );
      }
    const of = (contender: Contender, pick: (sample: Sample) => number): number =>
      median((samples.get(contender) ?? []).map(pick));
    for (const rival of [oneProcess, perCore]) {
      const value = of(magflock, (sample) => sample.perSecond);
      const peerValue = of(rival, (sample) => sample.perSecond);
      const ratio = value / peerValue;
      const decides = rival === oneProcess;
      figures.push({
        measure: `${workload.name}, requests per second`,
        peer: rival.name,
        value,
        peerValue,
        ratio,
        goal: decides ? '>= 1.0' : 'reported',
        ok: decides ? ratio >= 1 : null,
      });
    }
    for (const [label, pick] of [
      ['p99, milliseconds', (sample: Sample) => sample.p99],
      ['CPU of the server process, microseconds per request', (sample: Sample) => sample.cpuMicrosPerRequest],
      ['memory of the server process under load, MiB', (sample: Sample) => sample.memoryMegabytes],
    ] as const) {
      const value = of(magflock, pick);
      const peerValue = of(oneProcess, pick);
      figures.push({
        measure: `${workload.name}, ${label}`,
        peer: oneProcess.name,
        value,
        peerValue,
        ratio: value / peerValue,
        goal: 'reported',
        ok: null,
      });
    }
  }
  figures.push({
    measure: 'memory at rest with PostgreSQL (sum of RSS), MiB',
    peer: '-',
    value: atRest,
    peerValue: Number.NaN,
    ratio: Number.NaN,
    goal: 'reported',
    ok: null,
  });
  report(figures);
} finally {
  for (const rival of rivals) {
    rival.removeAllListeners('exit');
    rival.kill();
  }
  generator.stop();
  await daemon.stop();
}
