import { Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import type { CounterApi } from './comlink.worker.ts';
import { measureAsks } from './measure-asks.ts';
import { nodeEndpoint } from './node-endpoint.ts';

const worker = new Worker(moduleUrl('./comlink.worker', import.meta.url));
const counter = wrap<CounterApi>(nodeEndpoint(worker));
measureAsks(
  (amount) => counter.add(amount),
  () => worker.terminate(),
);
