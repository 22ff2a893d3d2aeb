import { rateFor } from '../support/rate-for.ts';
import { serveMeasures } from '../support/serve-measures.ts';
import type { News, Receipts } from './receipts.ts';

/** Publications per second that reached every subscriber, `burst` of them at a time. */
export function measurePublish(
  receipts: Receipts,
  publish: (news: News) => void,
  close: () => void | Promise<void>,
): void {
  let number = 0;
  serveMeasures(
    {
      rate: ({ burst, milliseconds }: { burst: number; milliseconds: number }) =>
        rateFor(milliseconds, burst, async () => {
          for (let index = 0; index < burst; index++)
            publish({ number: number++, text: 'the schema changed' });
          await receipts.complete(burst);
        }),
    },
    close,
  );
}
