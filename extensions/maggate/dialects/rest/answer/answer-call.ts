import type { GatewayRequest, PlanResult } from '../../../../sdk/index.ts';
import type { ActionPlan } from '../action-plan.ts';
import type { RestPlan } from '../rest-plan.ts';
import { checkRows } from './check-rows.ts';
import { checkSingular } from './check-singular.ts';
import { contentHeaders } from './content-headers.ts';
import { pageTotal } from './page-total.ts';
import { preferenceHeader } from './preference-header.ts';
import { rangedBody } from './ranged-body.ts';
import type { RowsAnswer } from './rows-answer.ts';

type CallAction = Extract<ActionPlan, { kind: 'call' }>;

/** What a function returned. */
export function answerCall(
  plan: RestPlan,
  planned: CallAction,
  request: GatewayRequest,
  result: PlanResult,
): RowsAnswer {
  const { rest } = plan;
  // What a volatile function did is undone by an error inside the statement; this is for those that only read.
  checkSingular(planned.media, pageTotal(result));
  if (planned.readOnly) checkRows(plan, request, pageTotal(result));
  const ranged = rangedBody(plan, result);
  const headers = { 'Content-Range': ranged.contentRange, ...preferenceHeader(planned, rest) };
  if (returnsVoid(planned)) return { status: 204, headers, body: '' };
  const isHead = rest.action.kind === 'call' && rest.action.method === 'HEAD';
  return {
    ...ranged,
    headers: { ...headers, ...contentHeaders(planned, rest) },
    body: isHead ? '' : ranged.body,
  };
}

function returnsVoid({ call }: CallAction): boolean {
  const { setOf, kind, type } = call.routine.returns;
  return !setOf && kind === 'scalar' && type.schema === 'pg_catalog' && type.name === 'void';
}
