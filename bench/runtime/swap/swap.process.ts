import { createActorSystem } from '../../../runtime/actor-system.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import { serveMeasures } from '../support/serve-measures.ts';
import type { LedgerProtocol } from './ledger.actor.ts';

export interface SwapSample {
  readonly asks: number;
  readonly errors: number;
  /** Answers that show a message lost, run twice or out of order. */
  readonly gaps: number;
  readonly swaps: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Asks per second that were answered. */
  readonly rate: number;
}

const system = await createActorSystem();
const ledger = await system.start<LedgerProtocol>({
  id: 'ledger',
  module: moduleUrl('./ledger.actor', import.meta.url),
  placement: { kind: 'thread' },
});
let entries = 0;

/**
 * Open loop: asks are due at fixed times, and the clock of each starts when it was due, so that a pause cannot
 * hide the asks that it held up.
 * @param swapEveryMs undefined for none
 */
async function load(
  perSecond: number,
  milliseconds: number,
  swapEveryMs: number | undefined,
): Promise<SwapSample> {
  const total = Math.round((perSecond * milliseconds) / 1000);
  const latencies: number[] = [];
  let [errors, gaps, sent, swaps] = [0, 0, 0, 0];
  const startedAt = performance.now();
  const pending: Promise<void>[] = [];
  const send = (dueAt: number): void => {
    pending.push(
      ledger.ask('enter', 1).then(
        (entry) => {
          latencies.push(performance.now() - dueAt);
          entries += 1;
          if (entry !== entries) gaps += 1;
        },
        () => {
          errors += 1;
        },
      ),
    );
  };
  const sending = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1000));
      while (sent < due) send(startedAt + (++sent * 1000) / perSecond);
      if (sent < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  const swapping = (async () => {
    if (swapEveryMs === undefined) return;
    for (let at = swapEveryMs; at < milliseconds; at += swapEveryMs) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + at - performance.now())));
      await system.motherboard.swap('ledger');
      swaps += 1;
    }
  })();
  await Promise.all([sending, swapping]);
  await Promise.all(pending);
  const rate = (latencies.length * 1000) / (performance.now() - startedAt);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN;
  return { asks: total, errors, gaps, swaps, p50: at(0.5), p99: at(0.99), most: at(1), rate };
}

serveMeasures(
  {
    load: (order: { perSecond: number; milliseconds: number; swapEveryMs?: number }) =>
      load(order.perSecond, order.milliseconds, order.swapEveryMs),
  },
  () => system.stop(),
);
