import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import Koa from 'koa';
import type { Inspection } from '../../runtime/protocol/sentinel.protocol.ts';
import { serve } from '../../test/cpu/serve.ts';

/** The server that is measured, in a thread of its own. */
const row =
  '{"data":{"id":5,"name":"Princess of the Dawn","milliseconds":375418,"album_id":3},"meta":{"hasMore":false}}';

async function startPipeline(): Promise<number> {
  const { fakes, port } = await serve();
  // The fakes note what they saw for the tests; in a bench that list would only grow.
  fakes.seen.push = () => 0;
  const result = { body: row, rows: 1, location: undefined, databaseMs: 1 };
  fakes.onExecute = () => new Promise((resolve) => setImmediate(resolve, result));
  const allow = { action: 'allow', score: 0, agent: 'fake', unsure: [] } as unknown as Inspection;
  fakes.sentinel.inspect = () => allow;
  return port;
}

async function startBare(): Promise<number> {
  const app = new Koa();
  app.use(async (context) => {
    await new Promise((resolve) => setImmediate(resolve));
    context.type = 'application/json';
    context.body = row;
  });
  const server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const port = await (workerData === 'bare' ? startBare() : startPipeline());
parentPort?.on('message', () => parentPort?.postMessage({ cpu: process.threadCpuUsage() }));
parentPort?.postMessage({ port });
