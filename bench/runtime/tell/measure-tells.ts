import { rateFor } from '../support/rate-for.ts';
import { serveMeasures } from '../support/serve-measures.ts';

/** Messages sent before the sender waits until all of them are handled; within every mailbox's limit. */
const burst = 5_000;

/**
 * Handled messages per second: bursts from one sender to one actor of the same thread.
 * @param tell sends `amount`; the receiver adds it up and calls `note` with the sum
 */
export function measureTells(
  setUp: (note: (total: number) => void) => (amount: number) => void,
  close: () => void | Promise<void>,
): void {
  let expected = 0;
  let handled: (() => void) | undefined;
  const tell = setUp((total) => {
    if (total === expected) handled?.();
  });
  const sendBurst = (): Promise<void> =>
    new Promise((resolve) => {
      handled = resolve;
      expected += burst;
      for (let index = 0; index < burst; index++) tell(1);
    });
  serveMeasures(
    { rate: ({ milliseconds }: { milliseconds: number }) => rateFor(milliseconds, burst, sendBurst) },
    close,
  );
}
