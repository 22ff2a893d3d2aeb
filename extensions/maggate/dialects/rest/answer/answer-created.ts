import type { GatewayRequest, PlanResult } from '../../../../sdk/index.ts';
import type { ActionPlan } from '../action-plan.ts';
import type { RestPlan } from '../rest-plan.ts';
import { contentHeaders } from './content-headers.ts';
import { contentRange } from './content-range.ts';
import { linkTo } from './link-to.ts';
import { locationOf } from './location-of.ts';
import { numberColumn } from './number-column.ts';
import { pageTotal } from './page-total.ts';
import { preferenceHeader } from './preference-header.ts';
import type { RowsAnswer } from './rows-answer.ts';
import { wantsCount } from './wants-count.ts';

/** POST to a table. */
export function answerCreated(
  plan: RestPlan,
  planned: ActionPlan,
  request: GatewayRequest,
  result: PlanResult,
): RowsAnswer {
  const { rest } = plan;
  const location = locationOf(linkTo(request, plan.table.name), result);
  const full = rest.preferences.return === 'representation';
  return {
    status: status(plan, result),
    headers: {
      ...(location === undefined ? {} : { Location: location }),
      'Content-Range': contentRange(1, 0, wantsCount(rest) ? pageTotal(result) : undefined),
      ...preferenceHeader(planned, rest),
      ...(full ? contentHeaders(planned, rest) : {}),
    },
    body: full ? (result.body ?? '') : '',
  };
}

/** 200 when all rows met others and changed those. */
function status({ rest }: RestPlan, result: PlanResult): 200 | 201 {
  const merges = rest.preferences.resolution === 'merge-duplicates';
  return merges && (numberColumn(result, 'response_inserted') ?? 0) <= 0 ? 200 : 201;
}
