import type { KeysetTerm, PlannedLogic } from '../../../plan/read-plan.ts';
import type { OrderedColumn } from './ordered-column.ts';

/**
 * The condition for the rows that follow a position in an order.
 * @param values of the row at the position, one for each term of the order
 */
export function keysetOf(
  columns: readonly OrderedColumn[],
  values: readonly (string | null)[],
  way: { readonly backward: boolean; readonly inclusive: boolean },
): PlannedLogic {
  const terms = columns.map(({ order, nullable, type }, index): KeysetTerm => {
    const descending = order.direction === 'desc';
    const nullsFirst = order.nulls === undefined ? descending : order.nulls === 'first';
    return {
      order,
      value: values[index] ?? null,
      type,
      ascending: descending === way.backward,
      nullsAfter: nullsFirst === way.backward,
      nullable,
    };
  });
  return { kind: 'keyset', negated: false, terms, inclusive: way.inclusive };
}
