import { workerData } from 'node:worker_threads';

// The peer of the bench: one post per message, one answer per post, nothing else.
let total = 0;
const { port } = workerData as { port: import('node:worker_threads').MessagePort };
port.on('message', ({ id, amount }: { id: number; amount: number }) => {
  total += amount;
  port.postMessage({ id, total });
});
