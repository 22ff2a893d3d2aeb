import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Worker } from 'node:worker_threads';

export interface Resources {
  readonly threads: number;
  readonly timers: number;
  readonly ports: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

/** Counts what a machine holds in this process; begins with what is there already. */
export function watchResources(): { readonly now: () => Resources; readonly stop: () => void } {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const workers = new Set<Worker>();
  const onThread = (message: unknown) => {
    const { worker } = message as { worker: Worker };
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
  };
  subscribe('worker_threads', onThread);
  return {
    now() {
      collectGarbage();
      const { heapUsed, rss, arrayBuffers } = process.memoryUsage();
      const active = process.getActiveResourcesInfo();
      const count = (kind: string) => active.filter((each) => each === kind).length;
      return {
        threads: workers.size,
        timers: count('Timeout'),
        ports: count('MessagePort'),
        heapBytes: heapUsed + arrayBuffers,
        rssBytes: rss,
      };
    },
    stop: () => unsubscribe('worker_threads', onThread),
  };
}
