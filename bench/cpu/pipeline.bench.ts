import { Worker } from 'node:worker_threads';
import { keepAliveLoad } from './keep-alive-load.ts';

/**
 * What the pipeline costs beside a bare Koa application that answers the same bytes: same load, both behind one
 * turn of the event loop in place of the database, taken in turns because the machine has other work.
 */
const rounds = Number(process.argv[2] ?? 5);
const milliseconds = Number(process.argv[3] ?? 2_000);
const requests = {
  'public key': headers('pub-main'),
  'secret key': headers('sec-main'),
};

function headers(key: string): string {
  return `GET /api/track/5 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${key}\r\nAccept: */*\r\nUser-Agent: bench\r\nConnection: keep-alive\r\n\r\n`;
}

const subjects = { bare: await start('bare'), pipeline: await start('pipeline') };
for (const [name, request] of Object.entries(requests)) {
  const results: Record<string, { rate: number; cpu: number; p99: number }[]> = { bare: [], pipeline: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [subject, { worker, port }] of Object.entries(subjects)) {
      const before = await cpuOf(worker);
      const result = await keepAliveLoad({ port, connections: 32, milliseconds, request });
      const cpu = (await cpuOf(worker)) - before;
      const answered = (result.requestsPerSecond * milliseconds) / 1000;
      // The first round only warms up.
      if (round > 0)
        results[subject]?.push({ rate: result.requestsPerSecond, cpu: cpu / answered, p99: result.p99 });
    }
  }
  const bare = summary(results['bare'] ?? []);
  const pipeline = summary(results['pipeline'] ?? []);
  console.log(`${name}: bare Koa ${show(bare)} | pipeline ${show(pipeline)}`);
  console.log(
    `  throughput ratio ${(pipeline.rate / bare.rate).toFixed(2)}, ` +
      `pipeline adds ${(pipeline.cpu - bare.cpu).toFixed(1)} µs of CPU per request`,
  );
}
for (const { worker } of Object.values(subjects)) await worker.terminate();

async function start(subject: string): Promise<{ worker: Worker; port: number }> {
  const worker = new Worker(new URL('./subject.worker.ts', import.meta.url), { workerData: subject });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', (message: { port: number }) => resolve(message.port));
    worker.once('error', reject);
  });
  return { worker, port };
}

/** Microseconds of CPU a thread has used. */
async function cpuOf(worker: Worker): Promise<number> {
  worker.postMessage('cpu');
  const message = await new Promise<{ cpu: { user: number; system: number } }>((resolve) => {
    worker.once('message', resolve);
  });
  return message.cpu.user + message.cpu.system;
}

function summary(results: readonly { rate: number; cpu: number; p99: number }[]): {
  rate: number;
  cpu: number;
  p99: number;
} {
  const median = (values: number[]): number =>
    values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
  return {
    rate: median(results.map((result) => result.rate)),
    cpu: median(results.map((result) => result.cpu)),
    p99: median(results.map((result) => result.p99)),
  };
}

function show(result: { rate: number; cpu: number; p99: number }): string {
  return `${Math.round(result.rate)}/s, ${result.cpu.toFixed(1)} µs CPU, p99 ${result.p99.toFixed(2)} ms`;
}
