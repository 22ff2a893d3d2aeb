import { AggregatorRegistry } from 'prom-client';

/**
 * Metrics of several threads as one Prometheus text: counters and histograms by sum, gauges as each says.
 * @param threads what `getMetricsAsJSON` of each thread's registry gave
 */
export async function mergeMetrics(
  threads: readonly (readonly unknown[])[],
): Promise<{ readonly text: string; readonly contentType: string }> {
  const merged = AggregatorRegistry.aggregate(threads as object[][] as never);
  return { text: await merged.metrics(), contentType: merged.contentType };
}
