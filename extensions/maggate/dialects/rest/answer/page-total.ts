import type { PlanResult } from '../../../../sdk/index.ts';
import { numberColumn } from './number-column.ts';

/** Rows in the answer, or that were written. */
export function pageTotal(result: PlanResult): number {
  return numberColumn(result, 'page_total') ?? 0;
}
