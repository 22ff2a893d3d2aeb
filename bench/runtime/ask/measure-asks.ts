import { keepInFlight } from '../support/keep-in-flight.ts';
import { serveMeasures } from '../support/serve-measures.ts';

/**
 * The two measures of asks, the same code for every contender.
 * - `rate`: answered asks per second with `width` in flight
 * - `latency`: p50 of a round trip in microseconds, one in flight
 * @param ask adds an amount to a total in the other thread and resolves with the total
 */
export function measureAsks(ask: (amount: number) => Promise<unknown>, close: () => Promise<unknown>): void {
  serveMeasures(
    {
      async rate({ width, milliseconds }: { width: number; milliseconds: number }) {
        const batch = width * 8;
        let [asked, elapsed] = [0, 0];
        while (elapsed < milliseconds) {
          elapsed += await keepInFlight(batch, width, ask);
          asked += batch;
        }
        return (asked * 1000) / elapsed;
      },
      async latency({ milliseconds }: { milliseconds: number }) {
        const micros: number[] = [];
        const end = performance.now() + milliseconds;
        for (let sentAt = performance.now(); sentAt < end; ) {
          await ask(1);
          const now = performance.now();
          micros.push((now - sentAt) * 1000);
          sentAt = now;
        }
        return micros.sort((a, b) => a - b)[micros.length >> 1];
      },
    },
    async () => {
      await close();
    },
  );
}
