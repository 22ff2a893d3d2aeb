import { once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import { measurePublish } from './measure-publish.ts';
import { Receipts, subscribersPerThread, threads } from './receipts.ts';

const receipts = new Receipts();
const subscribers: MessagePort[] = [];
const workers: Worker[] = [];
for (let thread = 0; thread < threads; thread++) {
  const channels = Array.from({ length: subscribersPerThread }, () => new MessageChannel());
  subscribers.push(...channels.map(({ port1 }) => port1));
  const ports = channels.map(({ port2 }) => port2);
  const worker = new Worker(moduleUrl('./bare-ports.worker', import.meta.url), {
    workerData: { ports, memory: receipts.memory },
    transferList: ports,
  });
  workers.push(worker);
  await once(worker, 'message');
}
measurePublish(
  receipts,
  (news) => {
    for (const port of subscribers) port.postMessage(news);
  },
  async () => {
    for (const worker of workers) await worker.terminate();
  },
);
