import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../../../runtime/telemetry/metrics.ts';
import type { Lanes } from './lanes.ts';

/** Metrics of the lanes of one thread; read when somebody asks for them, so that a request pays nothing. */
export function registerLaneMetrics(metrics: Metrics, lanes: Lanes): void {
  const gauges = {
    connections: 'Connections of this thread to PostgreSQL, open or being opened.',
    inFlight: 'Transactions on the wire.',
    waiting: 'Transactions that wait for a connection.',
  } as const;
  for (const [name, help] of Object.entries(gauges)) {
    new Gauge({
      name: `magflock_storage_lane_${snakeCase(name)}`,
      help,
      registers: [metrics],
      collect() {
        this.set(lanes[name as keyof typeof gauges]);
      },
    });
  }
  const counters = {
    transactions: 'Transactions asked for.',
    unavailable: 'Transactions refused because the database was down (MF503).',
    saturated: 'Transactions refused because too many waited (MF507).',
    resolved: 'Writes whose outcome had to be found out after their connection died.',
  } as const;
  for (const [name, help] of Object.entries(counters)) {
    new Counter({
      name: `magflock_storage_lane_${name}_total`,
      help,
      registers: [metrics],
      collect() {
        this.reset();
        this.inc(lanes.totals[name as keyof typeof counters]);
      },
    });
  }
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
