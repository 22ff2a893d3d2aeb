import { Counter, Gauge } from 'prom-client';
import type { DeadLetters } from '../bus/dead-letters.ts';
import type { SupervisionEvent, Supervisor } from '../supervision/supervisor.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Metrics of supervision. @returns to be called with each event */
export function supervisionMetrics(
  metrics: Metrics,
  supervisor: Supervisor,
  deadLetters: DeadLetters,
): (event: SupervisionEvent) => void {
  const registers = [metrics];
  const failures = new Counter({
    name: 'magflock_part_failures_total',
    help: 'Incarnations that ended without being asked to, or did not start.',
    labelNames: ['part'],
    registers,
  });
  const restarts = new Counter({
    name: 'magflock_part_restarts_total',
    help: 'Restarts that led to a ready part.',
    labelNames: ['part'],
    registers,
  });
  new Gauge({
    name: 'magflock_part_ready',
    help: '1 when the part is ready, else 0.',
    labelNames: ['part'],
    registers,
    collect() {
      for (const { spec, state } of supervisor.children()) {
        this.set({ part: spec.id }, state === 'ready' ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'magflock_dead_letters',
    help: 'Messages that reached nobody since the start, by reason.',
    labelNames: ['reason'],
    registers,
    collect() {
      for (const [reason, count] of deadLetters.counts()) this.set({ reason }, count);
    },
  });
  return (event) => {
    if (event.kind === 'failed') failures.inc({ part: event.id });
    if (event.kind === 'restarted') restarts.inc({ part: event.id });
  };
}
