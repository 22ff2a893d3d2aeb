import type { Metric } from 'prom-client';
import { Gauge } from '../../runtime/telemetry/gauge.ts';
import type { Metrics } from '../../runtime/telemetry/metrics.ts';

/** Upper bounds in seconds: a read by key takes two to five milliseconds under load. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const methods = ['OTHER', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const methodNumbers = new Map(methods.map((method, number) => [method, number]));

interface Series {
  readonly method: string;
  readonly route: string;
  readonly status: string;
  readonly buckets: Float64Array;
  count: number;
  seconds: number;
}

/** What the metrics read when they are scraped. */
export interface Gauges {
  readonly connections: () => number;
  readonly inFlight: () => number;
}

/**
 * Counts requests. prom-client hashes the labels at each observation, which costs as much as a stage; here a
 * series is found by two map look-ups, and only a scrape turns series into what prom-client prints and merges.
 */
export class RequestMetrics {
  readonly #series = new Map<string, Map<number, Series>>();

  /** @param registry the registry of this thread */
  constructor(registry: Metrics, gauges: Gauges) {
    // A metric is to prom-client whatever has a name and `get()`; its types know only its own classes.
    registry.registerMetric(this.#counter() as unknown as Metric);
    registry.registerMetric(this.#histogram() as unknown as Metric);
    const registers = [registry];
    new Gauge({
      name: 'magflock_http_connections',
      help: 'Open client connections.',
      registers,
      collect() {
        this.set(gauges.connections());
      },
    });
    new Gauge({
      name: 'magflock_http_requests_in_flight',
      help: 'Requests that have begun and are not answered.',
      registers,
      collect() {
        this.set(gauges.inFlight());
      },
    });
  }

  /**
   * @param route a pattern of a bounded set, never a path
   * @param milliseconds from the first stage to the answer
   */
  observe(method: string, route: string, status: number, milliseconds: number): void {
    const series = this.#find(method, route, status);
    series.count++;
    const seconds = milliseconds / 1000;
    series.seconds += seconds;
    for (let index = 0; index < bounds.length; index++) {
      if (seconds <= (bounds[index] as number)) {
        series.buckets[index] = (series.buckets[index] as number) + 1;
        return;
      }
    }
  }

  #find(method: string, route: string, status: number): Series {
    let ofRoute = this.#series.get(route);
    if (ofRoute === undefined) {
      ofRoute = new Map();
      this.#series.set(route, ofRoute);
    }
    const methodNumber = methodNumbers.get(method) ?? 0;
    const key = status * methods.length + methodNumber;
    let series = ofRoute.get(key);
    if (series === undefined) {
      const buckets = new Float64Array(bounds.length);
      series = {
        method: methods[methodNumber] as string,
        route,
        status: String(status),
        buckets,
        count: 0,
        seconds: 0,
      };
      ofRoute.set(key, series);
    }
    return series;
  }

  #all(): Series[] {
    return [...this.#series.values()].flatMap((ofRoute) => [...ofRoute.values()]);
  }

  #counter(): object {
    const name = 'magflock_http_requests_total';
    const description = { name, help: 'Requests answered.', type: 'counter', aggregator: 'sum' };
    return {
      ...description,
      get: async () => ({
        ...description,
        values: this.#all().map((series) => ({ labels: labelsOf(series), value: series.count })),
      }),
      reset: () => this.#series.clear(),
    };
  }

  #histogram(): object {
    const name = 'magflock_http_request_duration_seconds';
    const help = 'Time from the first stage to the answer.';
    const description = { name, help, type: 'histogram', aggregator: 'sum' };
    return {
      ...description,
      get: async () => ({ ...description, values: this.#all().flatMap((series) => samples(name, series)) }),
      reset: () => this.#series.clear(),
    };
  }
}

function labelsOf(series: Series): Record<string, string> {
  return { method: series.method, route: series.route, status: series.status };
}

/** The samples of a histogram series: cumulative buckets, sum, count. */
function samples(name: string, series: Series): object[] {
  const labels = labelsOf(series);
  let cumulative = 0;
  const buckets = bounds.map((le, index) => {
    cumulative += series.buckets[index] as number;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: cumulative };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: series.count },
    { metricName: `${name}_sum`, labels, value: series.seconds },
    { metricName: `${name}_count`, labels, value: series.count },
  ];
}
