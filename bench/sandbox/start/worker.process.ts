import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { serveMeasures } from '../../runtime/support/serve-measures.ts';
import { slugFacts } from '../support/slug-guest.ts';

serveMeasures({
  /** Milliseconds from nothing to the first answer. */
  async start() {
    const startedAt = performance.now();
    const worker = new Worker(new URL('./hook.worker.js', import.meta.url), { execArgv: [] });
    worker.postMessage(slugFacts);
    await once(worker, 'message');
    const tookMs = performance.now() - startedAt;
    await worker.terminate();
    return tookMs;
  },
});
