import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Receipts } from './receipts.ts';

// One port for each subscriber.
const { ports, memory } = workerData as { ports: readonly MessagePort[]; memory: SharedArrayBuffer };
const receipts = new Receipts(memory);
for (const port of ports) port.on('message', () => receipts.count());
parentPort?.postMessage('ready');
