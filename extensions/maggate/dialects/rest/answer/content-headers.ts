import type { ActionPlan } from '../action-plan.ts';
import type { RestRequest } from '../rest-request.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import { contentType } from './content-type.ts';

/** Headers of an answer with a body: its type and, where several schemas are exposed, whose it is. */
export function contentHeaders({ media }: Pick<ActionPlan, 'media'>, request: RestRequest): AnswerHeaders {
  return {
    'Content-Type': contentType(media),
    ...(request.negotiatedByProfile ? { 'Content-Profile': request.schema } : {}),
  };
}
