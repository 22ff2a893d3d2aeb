import type { PlanResult } from '../../../../sdk/index.ts';
import type { RestPlan } from '../rest-plan.ts';
import { numberColumn } from './number-column.ts';

/**
 * How many rows there are without `limit`; undefined when nobody asked. `count=planned` is what the planner thinks,
 * `estimated` is exact up to the largest answer (setting dbMaxRows) and the planner's number above it.
 */
export function totalRows(plan: RestPlan, result: PlanResult): number | undefined {
  const counted = numberColumn(result, 'total_result_set');
  if (plan.planned?.kind !== 'read') return counted;
  const { count } = plan.rest.preferences;
  if (count === 'planned') return plannedRows(result);
  if (count !== 'estimated' || counted === undefined) return counted;
  const { dbMaxRows } = plan.dataApi;
  if (dbMaxRows !== null && counted <= dbMaxRows) return counted;
  return Math.max(counted, plannedRows(result) ?? 0);
}

function plannedRows({ explain }: PlanResult): number | undefined {
  if (explain === undefined) return undefined;
  const plans = JSON.parse(explain) as readonly { readonly Plan?: { readonly 'Plan Rows'?: number } }[];
  return plans[0]?.Plan?.['Plan Rows'];
}
