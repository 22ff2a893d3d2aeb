import { Worker } from 'node:worker_threads';
import { LoadProcess } from '../support/load-process.ts';
import { median } from '../support/median.ts';
import { type Figure, report } from '../support/report.ts';

/**
 * What the pipeline costs beside a bare Koa application that answers the same bytes: the same load, both behind one
 * turn of the event loop in place of the database, with replicas that do nothing.
 */
const short = process.argv.includes('--short');
const rounds = short ? 2 : 7;
const durationMs = short ? 500 : 2_000;
const keys = { 'public key': 'pub-main', 'secret key (with Server-Timing)': 'sec-main' };

interface Round {
  readonly perSecond: number;
  /** Microseconds of the server's thread per request. */
  readonly cpu: number;
  readonly p99: number;
}

const load = new LoadProcess();
const bare = await start('bare');
const pipeline = await start('pipeline');
const figures: Figure[] = [];
for (const [caller, key] of Object.entries(keys)) {
  const results = { bare: [] as Round[], pipeline: [] as Round[] };
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    const one = await measure(bare, key);
    const other = await measure(pipeline, key);
    if (round > 0) {
      results.bare.push(one);
      results.pipeline.push(other);
    }
  }
  const figure = (
    measured: string,
    pick: (round: Round) => number,
    goal: string,
    ok: (ratio: number) => boolean | null,
  ) => {
    const value = median(results.pipeline.map(pick));
    const peerValue = median(results.bare.map(pick));
    const ratio = value / peerValue;
    figures.push({
      measure: `${measured}, ${caller}`,
      peer: 'bare Koa',
      value,
      peerValue,
      ratio,
      goal,
      ok: ok(ratio),
    });
  };
  figure(
    'requests per second',
    (round) => round.perSecond,
    '>= 0.85',
    (ratio) => ratio >= 0.85,
  );
  figure(
    'µs of CPU per request',
    (round) => round.cpu,
    '-',
    () => null,
  );
  figure(
    'p99 in ms',
    (round) => round.p99,
    '-',
    () => null,
  );
}
report(figures);
load.stop();
await Promise.all([bare.worker.terminate(), pipeline.worker.terminate()]);

interface Subject {
  readonly worker: Worker;
  readonly port: number;
}

async function start(name: 'bare' | 'pipeline'): Promise<Subject> {
  const worker = new Worker(new URL('./subject.worker.ts', import.meta.url), { workerData: name });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', (message: { port: number }) => resolve(message.port));
    worker.once('error', reject);
  });
  return { worker, port };
}

async function measure(subject: Subject, key: string): Promise<Round> {
  const before = await cpuOf(subject.worker);
  const headers = [`X-API-Key: ${key}`, 'Accept: */*', 'User-Agent: bench'];
  const template = '/api/track/{key}';
  const order = {
    host: '127.0.0.1',
    port: subject.port,
    connections: 32,
    durationMs,
    headers,
    template,
    keys: 1_000,
  };
  const result = await load.run(order);
  const used = (await cpuOf(subject.worker)) - before;
  return { perSecond: result.perSecond, cpu: used / result.requests, p99: result.p99 };
}

/** Microseconds of CPU the thread has used so far. */
async function cpuOf(worker: Worker): Promise<number> {
  const answer = new Promise<{ cpu: NodeJS.CpuUsage }>((resolve) => {
    worker.once('message', resolve);
  });
  worker.postMessage('cpu');
  const { cpu } = await answer;
  return cpu.user + cpu.system;
}
