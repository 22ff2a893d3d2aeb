import type { DatabaseErrorFacts, GatewayAnswer, GatewayRequest } from '../../../sdk/index.ts';
import { finishAnswer } from './answer/finish-answer.ts';
import { databaseError } from './errors/database-error.ts';
import { errorAnswer } from './errors/error-answer.ts';
import { ownRefusal } from './errors/own-refusal.ts';
import type { RestPlan } from './rest-plan.ts';

/** A statement that PostgreSQL refused, or that refused itself, as an answer of the dialect. */
export function explainRest(
  request: GatewayRequest,
  plan: RestPlan,
  facts: DatabaseErrorFacts,
): GatewayAnswer {
  const error = ownRefusal(facts) ?? databaseError(facts, !request.isAnonymous);
  return finishAnswer(plan.dataApi, request.headers, errorAnswer(error, plan.dataApi.clientErrorVerbosity));
}
