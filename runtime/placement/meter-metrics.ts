import { getHeapStatistics } from 'node:v8';
import { Counter } from '../telemetry/counter.ts';
import { Gauge } from '../telemetry/gauge.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ActorHost } from './actor-host.ts';

/** What the meters of one thread say, for Prometheus. Parts only: children would be labels without end. */
export function meterMetrics(host: ActorHost, metrics: Metrics): void {
  const registers = [metrics];
  new Gauge({
    name: 'magflock_actor_service_seconds',
    help: 'Time from the start of a message to its outcome, over the last minute.',
    labelNames: ['part', 'quantile'],
    registers,
    collect() {
      for (const [part, { p50, p99 }] of readings(host)) {
        this.set({ part, quantile: '0.5' }, p50 / 1_000);
        this.set({ part, quantile: '0.99' }, p99 / 1_000);
      }
    },
  });
  new Gauge({
    name: 'magflock_actor_longest_turn_seconds',
    help: 'Longest time the part has held its thread with one message, as far as it was measured.',
    labelNames: ['part'],
    registers,
    collect() {
      for (const [part, { longestTurn }] of readings(host)) this.set({ part }, longestTurn / 1_000);
    },
  });
  new Gauge({
    name: 'magflock_actor_mailbox_bytes',
    help: 'Estimated bytes waiting in the mailbox of the part.',
    labelNames: ['part'],
    registers,
    collect() {
      for (const cell of host.cells()) this.set({ part: cell.name }, cell.waitingBytes);
    },
  });
  new Gauge({
    name: 'magflock_thread_heap_bytes',
    help: 'JavaScript heap the thread uses.',
    labelNames: ['thread'],
    registers,
    collect() {
      this.set({ thread: host.thread }, getHeapStatistics().used_heap_size);
    },
  });
  counted('magflock_actor_turn_seconds_total', {
    help: 'Estimated time the part has held its thread.',
    labels: ['part'],
    registers,
    values: () => new Map(readings(host).map(([part, { turnTotal }]) => [part, turnTotal / 1_000])),
  });
  counted('magflock_actor_quota_exceeded_total', {
    help: 'Announcements that the part, or a child of it, went over a quota: at most one a second for each.',
    labels: ['part', 'quota'],
    registers,
    values: () => host.excesses,
  });
  counted('magflock_tracing_spans_total', {
    help: 'Spans by what became of them: sent to the collector, or dropped because it was away.',
    labels: ['outcome'],
    registers,
    values: () => new Map(Object.entries(host.spans)),
  });
}

/** A counter whose values, by labels joined by a space, are kept elsewhere. */
function counted(
  name: string,
  options: {
    readonly help: string;
    readonly labels: readonly string[];
    readonly registers: Metrics[];
    values(): ReadonlyMap<string, number>;
  },
): void {
  const { help, labels, registers, values } = options;
  const before = new Map<string, number>();
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers,
    collect() {
      for (const [key, value] of values()) {
        const words = key.split(' ');
        const by = Object.fromEntries(labels.map((label, index) => [label, words[index] ?? '']));
        this.inc(by, value - (before.get(key) ?? 0));
        before.set(key, value);
      }
    },
  });
}

function readings(host: ActorHost) {
  return host.cells().flatMap((cell) => {
    const meter = cell.hasExtras?.meter;
    return meter === undefined ? [] : [[cell.name, meter.read()] as const];
  });
}
