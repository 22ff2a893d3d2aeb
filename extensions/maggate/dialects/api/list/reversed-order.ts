import type { PlannedOrder } from '../../../plan/read-plan.ts';

/** The same order from the last row to the first. */
export function reversedOrder(order: PlannedOrder): PlannedOrder {
  const { direction, nulls } = order;
  return {
    ...order,
    direction: direction === 'desc' ? 'asc' : 'desc',
    nulls: nulls === undefined ? undefined : nulls === 'first' ? 'last' : 'first',
  };
}
