import type { GatewayAnswer, GatewayRequest, PlanResult } from '../../../sdk/index.ts';
import type { ActionPlan } from './action-plan.ts';
import { answerCall } from './answer/answer-call.ts';
import { answerCreated } from './answer/answer-created.ts';
import { answerExplained } from './answer/answer-explained.ts';
import { answerRows } from './answer/answer-rows.ts';
import { answerWritten } from './answer/answer-written.ts';
import { bodyBytes } from './answer/body-bytes.ts';
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
    const { planned } = plan;
    if (planned === undefined) return answerRoot(plan, request, result);
    const made = rowsAnswer(plan, planned, request, result);
    const { status, headers } = overrideBySql(made.status, made.headers, result, request.mount);
    const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    if (!named.has('vary')) headers['Vary'] = 'Accept, Prefer, Range';
    const warning = plan.dataApi.urlUseLegacyTargetNames ? legacyNameWarning(planned.read) : undefined;
    if (warning !== undefined) headers['Warning'] = warning;
    if (plan.dataApi.serverTimingEnabled) {
      headers['Server-Timing'] = timing(plan, result, performance.now() - started);
    }
    return { status, headers, body: bodyBytes(made.body, result), failed: made.failed };
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
      return answerCall(plan, planned, result);
    case 'mutate':
      return planned.mutate.kind === 'insert' && isCreate(plan)
        ? answerCreated(plan, planned, request, result)
        : answerWritten(plan, planned, result);
  }
}

function isCreate({ rest: { action } }: RestPlan): boolean {
  return action.kind === 'mutate' && action.mutation === 'create';
}

/** Server-Timing (W3C); the key or token was checked before the request came here. */
function timing(plan: RestPlan, { databaseMs }: PlanResult, responseMs: number): string {
  const durations = { parse: plan.parseMs, plan: plan.planMs, transaction: databaseMs, response: responseMs };
  return Object.entries(durations)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`)
    .join(', ');
}
