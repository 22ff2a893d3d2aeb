import type { ExtensionUsage } from '../../runtime/protocol/extensions.protocol.ts';
import { Counter } from '../../runtime/telemetry/counter.ts';
import { Gauge } from '../../runtime/telemetry/gauge.ts';
import type { Metrics } from '../../runtime/telemetry/metrics.ts';

/** Extensions with series of their own; the others share `other`. */
const mostNames = 200;

export interface ExtensionFigures {
  readonly name: string;
  readonly restarts: number;
  readonly usage: ExtensionUsage;
}

const counters = [
  ['calls_total', 'Calls of an extension.', ({ usage }: ExtensionFigures) => usage.calls],
  ['failures_total', 'Calls that failed.', ({ usage }) => usage.failures],
  ['cpu_seconds_total', 'Processor time of its calls.', ({ usage }) => usage.cpuMs / 1_000],
  ['syscalls_total', 'Capability calls.', ({ usage }) => usage.syscalls],
  ['rows_total', 'Rows read and written.', ({ usage }) => usage.rows],
  ['egress_bytes_total', 'Bytes sent and received by net.fetch.', ({ usage }) => usage.egressBytes],
  ['restarts_total', 'Isolates that ended unasked.', ({ restarts }) => restarts],
] as const satisfies readonly (readonly [string, string, (figures: ExtensionFigures) => number])[];

const gauges = [
  [
    'heap_bytes',
    'Heap of its isolate at the last sign of life.',
    ({ usage }: ExtensionFigures) => usage.heapBytes,
  ],
  ['disk_bytes', 'What it keeps in its folder.', ({ usage }) => usage.diskBytes],
] as const satisfies readonly (readonly [string, string, (figures: ExtensionFigures) => number])[];

/**
 * Registers the metrics of all extensions. They are read when somebody looks, so a call costs nothing.
 * @param figures of all extensions in service, in a fixed order: the first 200 names have series of their own
 */
export function registerExtensionMetrics(
  metrics: Metrics,
  figures: () => readonly ExtensionFigures[],
  cages: () => number,
): void {
  const registers = [metrics];
  const labelled = () =>
    figures().map((each, index) => ({ each, extension: index < mostNames ? each.name : 'other' }));
  for (const [name, help, read] of counters) {
    new Counter({
      name: `magflock_extension_${name}`,
      help,
      labelNames: ['extension'],
      registers,
      collect() {
        this.reset();
        for (const { each, extension } of labelled()) this.inc({ extension }, read(each));
      },
    });
  }
  for (const [name, help, read] of gauges) {
    new Gauge({
      name: `magflock_extension_${name}`,
      help,
      labelNames: ['extension'],
      registers,
      collect() {
        this.reset();
        for (const { each, extension } of labelled()) this.inc({ extension }, read(each));
      },
    });
  }
  new Counter({
    name: 'magflock_extension_refusals_total',
    help: 'Refusals at a limit.',
    labelNames: ['extension', 'limit'],
    registers,
    collect() {
      this.reset();
      for (const { each, extension } of labelled()) {
        for (const [limit, count] of Object.entries(each.usage.refusals))
          this.inc({ extension, limit }, count);
      }
    },
  });
  new Gauge({
    name: 'magflock_extension_cages',
    help: 'Cage processes.',
    registers,
    collect() {
      this.set(cages());
    },
  });
}
