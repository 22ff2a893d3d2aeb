import type { PlanResult } from '../../../../sdk/index.ts';
import type { ActionPlan } from '../action-plan.ts';
import type { RestPlan } from '../rest-plan.ts';
import { contentHeaders } from './content-headers.ts';
import type { RowsAnswer } from './rows-answer.ts';

/** `Accept: application/vnd.pgrst.plan`: how PostgreSQL would answer. Every line ends. */
export function answerExplained(plan: RestPlan, planned: ActionPlan, result: PlanResult): RowsAnswer {
  const text = result.body ?? '';
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return { status: 200, headers: contentHeaders(planned, plan.rest), body };
}
