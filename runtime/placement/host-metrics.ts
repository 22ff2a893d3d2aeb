import { Counter } from '../telemetry/counter.ts';
import { Gauge } from '../telemetry/gauge.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ActorHost } from './actor-host.ts';
import { meterMetrics } from './meter-metrics.ts';

/**
 * Metrics of the actors of one thread. Counted in plain numbers on the way of a message, read when asked for.
 * @param pooled its actor is counted by its front in the main thread
 */
export function hostMetrics(host: ActorHost, metrics: Metrics, pooled = false): void {
  meterMetrics(host, metrics);
  const registers = [metrics];
  const counted = () => (pooled ? [] : host.cells());
  new Gauge({
    name: 'magflock_actor_mailbox_messages',
    help: 'Messages waiting in the mailbox of the part.',
    labelNames: ['part'],
    registers,
    collect() {
      for (const cell of counted()) this.set({ part: cell.name }, cell.mailbox.length);
    },
  });
  const handled = new Map<string, { ok: number; failed: number }>();
  new Counter({
    name: 'magflock_actor_messages_total',
    help: 'Messages the part has run, by outcome.',
    labelNames: ['part', 'outcome'],
    registers,
    collect() {
      for (const cell of counted()) {
        const before = handled.get(cell.name) ?? { ok: 0, failed: 0 };
        const now = { ok: cell.handled - cell.failed, failed: cell.failed };
        this.inc({ part: cell.name, outcome: 'ok' }, now.ok - before.ok);
        this.inc({ part: cell.name, outcome: 'failed' }, now.failed - before.failed);
        handled.set(cell.name, now);
      }
    },
  });
  new Gauge({
    name: 'magflock_link_waiting_messages',
    help: 'Messages that wait in this thread for a connection to, or room in, another thread.',
    labelNames: ['from', 'to'],
    registers,
    collect() {
      for (const link of host.links()) this.set({ from: host.thread, to: link.peer }, link.waiting);
    },
  });
  new Gauge({
    name: 'magflock_link_unanswered_messages',
    help: 'Messages in another thread that are not answered there, or, if they are tells, not started.',
    labelNames: ['from', 'to'],
    registers,
    collect() {
      this.reset();
      for (const link of host.links()) this.set({ from: host.thread, to: link.peer }, link.unanswered);
    },
  });
  new Gauge({
    name: 'magflock_asks_open',
    help: 'Asks of actors of this thread that wait for their answer.',
    labelNames: ['from'],
    registers,
    collect() {
      this.set({ from: host.thread }, host.deadlines.size);
    },
  });
}
