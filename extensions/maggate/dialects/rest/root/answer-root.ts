import type { GatewayAnswer, GatewayRequest, PlanResult } from '../../../../sdk/index.ts';
import { contentHeaders } from '../answer/content-headers.ts';
import type { RestPlan } from '../rest-plan.ts';
import { openapiRoot } from './openapi-root.ts';
import { readVisibleNames } from './visible-names.ts';

/** GET and HEAD of the root: the description of the API. */
export function answerRoot(
  { rest, dataSchema }: RestPlan,
  request: GatewayRequest,
  result: PlanResult,
): GatewayAnswer {
  const visible =
    dataSchema.settings.openapiMode === 'ignore-privileges' ? undefined : readVisibleNames(result.body);
  const headersOnly = rest.action.kind === 'inspect' && rest.action.headersOnly;
  return {
    status: 200,
    headers: {
      ...contentHeaders({ media: { kind: 'openapi' } }, rest),
      Vary: 'Accept, Prefer, Range',
    },
    body: headersOnly ? '' : JSON.stringify(openapiRoot(dataSchema, rest.schema, request, visible)),
  };
}
