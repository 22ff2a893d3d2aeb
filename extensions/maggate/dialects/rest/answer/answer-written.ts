import type { PlanResult } from '../../../../sdk/index.ts';
import type { ActionPlan } from '../action-plan.ts';
import type { RestPlan } from '../rest-plan.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import { contentHeaders } from './content-headers.ts';
import { contentRange } from './content-range.ts';
import { numberColumn } from './number-column.ts';
import { pageTotal } from './page-total.ts';
import { preferenceHeader } from './preference-header.ts';
import type { RowsAnswer } from './rows-answer.ts';
import { wantsCount } from './wants-count.ts';

/** PATCH, DELETE and PUT. */
export function answerWritten(plan: RestPlan, planned: ActionPlan, result: PlanResult): RowsAnswer {
  const { rest } = plan;
  const headers = { ...rangeHeader(plan, result), ...preferenceHeader(planned, rest) };
  if (rest.preferences.return !== 'representation') return { status: 204, headers, body: '' };
  return {
    status: isPut(plan) && (numberColumn(result, 'response_inserted') ?? 0) > 0 ? 201 : 200,
    headers: { ...headers, ...contentHeaders(planned, rest) },
    body: result.body ?? '',
  };
}

/** Rows that were changed have a place, those that were deleted have none any more. */
function rangeHeader(plan: RestPlan, result: PlanResult): AnswerHeaders {
  if (isPut(plan)) return {};
  const rows = pageTotal(result);
  const total = wantsCount(plan.rest) ? rows : undefined;
  const isDelete = plan.operation === 'delete';
  return { 'Content-Range': isDelete ? contentRange(1, 0, total) : contentRange(0, rows - 1, total) };
}

function isPut({ rest: { action } }: RestPlan): boolean {
  return action.kind === 'mutate' && action.mutation === 'single-upsert';
}
