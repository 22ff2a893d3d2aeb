import { keepInFlight } from '../../runtime/support/keep-in-flight.ts';
import { serveMeasures } from '../../runtime/support/serve-measures.ts';

/** The measures of every contender, over its own way of one call. */
export function measureCalls(call: () => Promise<unknown>, close: () => void | Promise<void>): void {
  serveMeasures(
    {
      /** Microseconds of one call at a time, at a share of all. */
      async latency({ calls, share }: { calls: number; share: number }) {
        const times: number[] = [];
        for (let index = 0; index < calls; index++) {
          const startedAt = performance.now();
          await call();
          times.push((performance.now() - startedAt) * 1000);
        }
        times.sort((one, other) => one - other);
        return times[Math.floor(times.length * share)] ?? Number.NaN;
      },
      /** Calls per second. */
      async rate({ calls, width }: { calls: number; width: number }) {
        const tookMs = await keepInFlight(calls, width, call);
        return (calls * 1000) / tookMs;
      },
    },
    close,
  );
}
