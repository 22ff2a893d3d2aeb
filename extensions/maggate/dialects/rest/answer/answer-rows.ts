import type { GatewayRequest, PlanResult } from '../../../../sdk/index.ts';
import type { ActionPlan } from '../action-plan.ts';
import type { RestPlan } from '../rest-plan.ts';
import { checkRows } from './check-rows.ts';
import { checkSingular } from './check-singular.ts';
import { contentHeaders } from './content-headers.ts';
import { linkTo } from './link-to.ts';
import { pageTotal } from './page-total.ts';
import { preferenceHeader } from './preference-header.ts';
import { rangedBody } from './ranged-body.ts';
import type { RowsAnswer } from './rows-answer.ts';

/** GET and HEAD of a table. */
export function answerRows(
  plan: RestPlan,
  planned: ActionPlan,
  request: GatewayRequest,
  result: PlanResult,
): RowsAnswer {
  const { rest } = plan;
  checkSingular(planned.media, pageTotal(result));
  checkRows(plan, request, pageTotal(result));
  const ranged = rangedBody(plan, result);
  const { canonical } = rest.query;
  const location = `${linkTo(request, plan.table.name)}${canonical === '' ? '' : `?${canonical}`}`;
  return {
    ...ranged,
    headers: {
      'Content-Range': ranged.contentRange,
      'Content-Location': location,
      ...contentHeaders(planned, rest),
      ...preferenceHeader(planned, rest),
    },
    body: rest.action.kind === 'read' && rest.action.headersOnly ? '' : ranged.body,
  };
}
