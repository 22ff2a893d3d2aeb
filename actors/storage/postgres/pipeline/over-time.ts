import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import type { LaneTransaction } from './lane-transaction.ts';

/** The server's own timeout ended a statement. */
const cancelled = '57014';

/**
 * A transaction that was ended because its caller's limit of time was over; undefined when something else ended it: an
 * earlier deadline, the lane's own timeout, an error.
 */
export function overTime({ failure, plan, sentAt }: LaneTransaction): MagFlockError | undefined {
  const allowed = plan.limits?.timeMs;
  if (allowed === undefined || failure?.code !== cancelled) return undefined;
  if (performance.now() - sentAt < allowed) return undefined;
  return new MagFlockError('MF426', `The statement takes longer than ${allowed} ms.`, {
    fix: 'Ask for less: a filter on an indexed column, fewer embedded tables, or a smaller limit.',
    details: { limit: 'timeMs', allowed },
  });
}
