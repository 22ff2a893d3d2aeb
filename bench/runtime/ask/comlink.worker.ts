import { parentPort } from 'node:worker_threads';
import { type Endpoint, expose } from 'comlink';
import { nodeEndpoint } from './node-endpoint.ts';

// As in comlink's example for Node: an object with functions, exposed over the port of the worker.
let total = 0;
const api = {
  add(amount: number): number {
    total += amount;
    return total;
  },
};
export type CounterApi = typeof api;

if (parentPort === null) throw new Error('runs in a worker thread only');
expose(api, nodeEndpoint(parentPort) as Endpoint);
