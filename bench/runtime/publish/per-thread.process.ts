import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import { measurePublish } from './measure-publish.ts';
import { Receipts, threads } from './receipts.ts';

const receipts = new Receipts();
const workers: Worker[] = [];
for (let thread = 0; thread < threads; thread++) {
  const worker = new Worker(moduleUrl('./per-thread.worker', import.meta.url), {
    workerData: { memory: receipts.memory },
  });
  workers.push(worker);
  await once(worker, 'message');
}
measurePublish(
  receipts,
  (news) => {
    for (const worker of workers) worker.postMessage(news);
  },
  async () => {
    for (const worker of workers) await worker.terminate();
  },
);
