import type { GatewayAnswer, GatewayRequest, PlanResult } from '../../../sdk/index.ts';
import type { ActionPlan } from './action-plan.ts';
import { answerCall } from './answer/answer-call.ts';
import { answerCreated } from './answer/answer-created.ts';
import { answerExplained } from './answer/answer-explained.ts';
import { answerRows } from './answer/answer-rows.ts';
import { answerWritten } from './answer/answer-written.ts';
import { bodyBytes } from './answer/body-bytes.ts';
import { commonHeaders } from './answer/common-headers.ts';
import { finishAnswer } from './answer/finish-answer.ts';
import { legacyNameWarning } from './answer/legacy-name-warning.ts';
import { overrideBySql } from './answer/override-by-sql.ts';
import type { RowsAnswer } from './answer/rows-answer.ts';
import { errorAnswer } from './errors/error-answer.ts';
import { RestError } from './rest-error.ts';
import type { RestPlan } from './rest-plan.ts';
import { answerRoot } from './root/answer-root.ts';

/**
 * What the database answered, as an answer of the dialect: status, headers, body. SQL may have said status and
 * headers itself.
 */
export function answerRest(plan: RestPlan, request: GatewayRequest, result: PlanResult): GatewayAnswer {
  return finishAnswer(plan.dataApi, request.headers, answered(plan, request, result));
}

function answered(plan: RestPlan, request: GatewayRequest, result: PlanResult): GatewayAnswer {
  const started = performance.now();
  try {
    const { planned, dataApi } = plan;
    const made =
      planned === undefined ? answerRoot(plan, request, result) : rowsAnswer(plan, planned, request, result);
    const { status, headers } = overrideBySql(made.status, made.headers, result, request.mount);
    const warning =
      planned !== undefined && dataApi.urlUseLegacyTargetNames ? legacyNameWarning(planned.read) : undefined;
    if (warning !== undefined) headers['Warning'] = warning;
    const common = commonHeaders(dataApi, headers, {
      parse: plan.parseMs,
      plan: plan.planMs,
      transaction: result.databaseMs,
      response: performance.now() - started,
    });
    return { status, headers: common, body: bodyBytes(made.body, result), failed: made.failed };
  } catch (error) {
    if (error instanceof RestError) return errorAnswer(error, plan.dataApi.clientErrorVerbosity);
    throw error;
  }
}

function rowsAnswer(
  plan: RestPlan,
  planned: ActionPlan,
  request: GatewayRequest,
  result: PlanResult,
): RowsAnswer {
  if (planned.media.kind === 'plan') return answerExplained(plan, planned, result);
  switch (planned.kind) {
    case 'read':
      return answerRows(plan, planned, request, result);
    case 'call':
      return answerCall(plan, planned, request, result);
    case 'mutate':
      return planned.mutate.kind === 'insert' && isCreate(plan)
        ? answerCreated(plan, planned, request, result)
        : answerWritten(plan, planned, result);
  }
}

function isCreate({ rest: { action } }: RestPlan): boolean {
  return action.kind === 'mutate' && action.mutation === 'create';
}
