import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { serveMeasures } from '../../runtime/support/serve-measures.ts';
import { proportionalMemory } from '../support/proportional-memory.ts';
import { slugFacts } from '../support/slug-guest.ts';

const workers: Worker[] = [];
serveMeasures(
  {
    /** MiB per thread when each has answered once. */
    async each({ count }: { count: number }) {
      const before = proportionalMemory([process.pid]);
      for (let index = 0; index < count; index++) {
        const worker = new Worker(new URL('../start/hook.worker.js', import.meta.url), { execArgv: [] });
        workers.push(worker);
        worker.postMessage(slugFacts);
        await once(worker, 'message');
      }
      await sleep(8_000);
      return (proportionalMemory([process.pid]) - before) / count;
    },
  },
  async () => {
    for (const worker of workers) await worker.terminate();
  },
);
