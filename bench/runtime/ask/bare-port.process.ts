import { MessageChannel, Worker } from 'node:worker_threads';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import { measureAsks } from './measure-asks.ts';

const { port1, port2 } = new MessageChannel();
const worker = new Worker(moduleUrl('./bare-port.worker', import.meta.url), {
  workerData: { port: port2 },
  transferList: [port2],
});
const waiting = new Map<number, (total: number) => void>();
let nextId = 0;
port1.on('message', ({ id, total }: { id: number; total: number }) => {
  waiting.get(id)?.(total);
  waiting.delete(id);
});
measureAsks(
  (amount) =>
    new Promise<number>((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      port1.postMessage({ id, amount });
    }),
  () => worker.terminate(),
);
