import type { GatewayAnswer, PlanResult } from '../../../sdk/index.ts';
import type { ApiPlan } from './api-plan.ts';
import { rowTag } from './conditional/row-tag.ts';
import { jsonAnswer } from './json-answer.ts';
import { rowNotFound } from './row-not-found.ts';

/**
 * The answer to an executed plan. Lists come out of PostgreSQL whole; rows get their `{data, meta}` here.
 * @throws MF404 for a read that found no row
 */
export function answerPlan(plan: ApiPlan, result: PlanResult): GatewayAnswer {
  const { status } = plan.answer;
  switch (plan.purpose) {
    case 'list':
      return jsonAnswer(status, result.body ?? '');
    case 'read':
      if (result.body === null) throw rowNotFound(plan);
      return jsonAnswer(status, `{"data":${result.body},"meta":{}}`, tagHeader(plan, result));
    case 'create-many':
      if (plan.minimal) return minimalAnswer(status);
      return jsonAnswer(status, `{"data":${result.body ?? '[]'},"meta":{"count":${result.rows}}}`);
    case 'delete':
      return { status, headers: {}, body: '' };
    default:
      if (plan.minimal) return minimalAnswer(status, tagHeader(plan, result));
      // A trigger may have kept an inserted row out; then there is nothing to show.
      return jsonAnswer(status, `{"data":${result.body ?? 'null'},"meta":{}}`, {
        ...location(plan, result),
        ...tagHeader(plan, result),
      });
  }
}

function minimalAnswer(status: number, headers?: Readonly<Record<string, string>>): GatewayAnswer {
  return { status, headers: { 'preference-applied': 'return=minimal', ...headers }, body: '' };
}

/** A strong one: it tells every version of the row from every other. */
function tagHeader(
  { tag }: ApiPlan,
  { body, columns }: PlanResult,
): Readonly<Record<string, string>> | undefined {
  if (tag === undefined) return undefined;
  const found = tag === 'column' ? columns?.['etag'] : body === null ? null : rowTag(body);
  return found === undefined || found === null ? undefined : { etag: `"${found}"` };
}

function location(plan: ApiPlan, result: PlanResult): Readonly<Record<string, string>> | undefined {
  if (result.location === undefined) return undefined;
  const key: readonly string[] = JSON.parse(result.location);
  // A comma divides the parts, so encodeURIComponent's %2C keeps those inside a part apart.
  const id = key.map((part) => encodeURIComponent(part)).join(',');
  return { location: `/api/${encodeURIComponent(plan.table.name)}/${id}` };
}
