import type { ActorCell } from './actor-cell.ts';
import type { Quotas } from './define-actor.ts';
import { Meter } from './meter.ts';
import type { QuotaExcess } from './quota-excess.ts';
import { QuotaGuard } from './quota-guard.ts';

/** Times the messages of a cell from now on, and holds it to the quotas of its definition and specification. */
export function meterCell(
  cell: ActorCell,
  declared: Quotas | undefined,
  announce: (excess: QuotaExcess) => void,
): void {
  const { extras } = cell;
  const quotas = extras.quotas === undefined ? declared : { ...declared, ...extras.quotas };
  extras.meter ??= new Meter();
  extras.meter.quota =
    quotas === undefined
      ? undefined
      : new QuotaGuard(
          quotas,
          {
            path: cell.path,
            rest: (milliseconds) => cell.rest(milliseconds),
            exit: (reason) => cell.exit(reason),
            refuseWaiting(refusal) {
              for (const message of cell.mailbox.waiting(() => true)) cell.refuseWaiting(message, refusal());
            },
          },
          announce,
        );
}
