import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import Koa from 'koa';
import { serve } from '../../test/cpu/serve.ts';

/** The server under test, in a thread of its own so that the load does not share its time. */
const subject = workerData as 'bare' | 'pipeline';
const row =
  '{"data":{"id":5,"name":"Princess of the Dawn","milliseconds":375418,"album_id":3},"meta":{"hasMore":false}}';

async function start(): Promise<number> {
  if (subject === 'pipeline') {
    const served = await serve({ 'log.level': 'info' });
    const { fakes } = served;
    // The fakes note what they saw for the tests; in a bench that list would only grow.
    fakes.seen.push = () => 0;
    fakes.onExecute = () =>
      new Promise((resolve) =>
        setImmediate(resolve, { body: row, rows: 1, location: undefined, databaseMs: 1 }),
      );
    fakes.sentinel.inspect = () => allow;
    return served.port;
  }
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

const allow = {
  action: 'allow' as const,
  score: 0,
  signature: undefined,
  surface: undefined,
  where: undefined,
  incident: undefined,
  agent: 'fake',
};

parentPort?.postMessage({ port: await start() });
parentPort?.on('message', () => {
  parentPort?.postMessage({ cpu: process.threadCpuUsage?.() });
});
