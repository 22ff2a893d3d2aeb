import { Counter } from '../../runtime/telemetry/counter.ts';
import { Gauge } from '../../runtime/telemetry/gauge.ts';
import type { Metrics } from '../../runtime/telemetry/metrics.ts';

export interface AuditMetrics {
  readonly entries: Counter;
  readonly unauthentic: Counter;
  readonly failures: Counter;
  readonly checkpoints: Counter;
  readonly waiting: Gauge;
}

/** The figures of the audit trail. Not by project: a thousand projects would be a thousand series each. */
export function auditMetrics(registry: Metrics): AuditMetrics {
  // A registry lives as long as its thread, longer than one incarnation: what is there already is used again.
  const registers = [registry];
  const counter = (name: string, help: string): Counter =>
    (registry.getSingleMetric(name) as Counter | undefined) ?? new Counter({ name, help, registers });
  const gauge = (name: string, help: string): Gauge =>
    (registry.getSingleMetric(name) as Gauge | undefined) ?? new Gauge({ name, help, registers });
  return {
    entries: counter('magflock_audit_entries_total', 'Entries sealed.'),
    unauthentic: counter('magflock_audit_unauthentic_rows_total', 'Outbox rows without a valid MAC.'),
    failures: counter(
      'magflock_audit_failures_total',
      'Tries to seal or append that failed and are repeated.',
    ),
    checkpoints: counter('magflock_audit_checkpoints_total', 'Checkpoints signed and exported.'),
    waiting: gauge(
      'magflock_audit_waiting_entries',
      'Entries without a transaction that are not durable yet.',
    ),
  };
}
