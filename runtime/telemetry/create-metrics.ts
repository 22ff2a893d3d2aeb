import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import type * as prometheus from 'prom-client';
import { Gauge } from './gauge.ts';
import type { Metrics } from './metrics.ts';
import { Registry } from './registry.ts';

export interface MetricsOptions {
  /** Version of MagFlock. */
  readonly version: string;
  /** Name of the thread: `main`, `storage`, `cpu-0`. */
  readonly thread: string;
}

/**
 * The metric registry of a thread. Names follow Prometheus: prefix `magflock_`, base units, `_total` for
 * counters, few and bounded labels. The admin listener merges the registries of all threads, counters and
 * histograms by sum; what describes the process stands in the main thread's registry only.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  if (isMainThread) {
    // Loaded here only: it is the larger part of the package.
    const { collectDefaultMetrics } = createRequire(import.meta.url)('prom-client') as typeof prometheus;
    collectDefaultMetrics({ register: registry, prefix: 'magflock_' });
    new Gauge({
      name: 'magflock_build_info',
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node'],
      registers: [registry],
      aggregator: 'first',
    }).set({ version: options.version, node: process.versions.node }, 1);
  }
  let last = performance.eventLoopUtilization();
  new Gauge({
    name: 'magflock_thread_event_loop_utilization_ratio',
    help: 'Share of time the event loop of the thread was busy since the last reading, 0 to 1.',
    labelNames: ['thread'],
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      this.set({ thread: options.thread }, performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  });
  return registry;
}
