import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import { measureAsks } from './measure-asks.ts';

// One worker, so that all contenders have one thread on the other side.
const pool = new Piscina({
  filename: fileURLToPath(moduleUrl('./piscina.worker', import.meta.url)),
  name: 'add',
  minThreads: 1,
  maxThreads: 1,
  concurrentTasksPerWorker: 64,
  atomics: (process.argv[2] ?? 'sync') as 'sync' | 'async' | 'disabled',
});
measureAsks(
  (amount) => pool.run(amount),
  () => pool.destroy(),
);
