import type { GatewayRequest } from '../../../../sdk/index.ts';
import { requestLimits } from '../../../plan/limits/request-limits.ts';
import { limitExceeded } from '../errors/limit-exceeded.ts';
import type { RestPlan } from '../rest-plan.ts';

/** @throws RestError MF426 when there are more rows than the role may have in one answer */
export function checkRows({ dataApi }: RestPlan, request: GatewayRequest, rows: number): void {
  const most = requestLimits(dataApi, request)?.rows;
  if (most === undefined || rows <= most) return;
  throw limitExceeded('rows', `The answer has more than ${most} rows.`, `limit=${most} fits, or a filter.`);
}
