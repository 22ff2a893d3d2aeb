import type { ActionPlan } from '../action-plan.ts';
import type { RestRequest } from '../rest-request.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import { appliedPreferences } from './applied-preferences.ts';

/** `Preference-Applied`, or no header. */
export function preferenceHeader(planned: ActionPlan, request: RestRequest): AnswerHeaders {
  const applied = appliedPreferences(planned, request);
  return applied === undefined ? {} : { 'Preference-Applied': applied };
}
