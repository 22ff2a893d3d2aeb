import type { GatewayRequest, PlanResult } from '../../../../sdk/index.ts';
import { contentHeaders } from '../answer/content-headers.ts';
import type { RowsAnswer } from '../answer/rows-answer.ts';
import type { RestPlan } from '../rest-plan.ts';
import { openapiRoot } from './openapi-root.ts';
import { rootDocument } from './root-document.ts';
import { serverAddress } from './server-address.ts';
import { readVisibleNames } from './visible-names.ts';

/** GET and HEAD of the root: the description of the API. */
export function answerRoot(
  { rest, dataSchema }: RestPlan,
  request: GatewayRequest,
  { body }: PlanResult,
): RowsAnswer {
  const { openapiMode, openapiServerProxyUri } = dataSchema.settings;
  const headersOnly = rest.action.kind === 'inspect' && rest.action.headersOnly;
  const address = serverAddress(openapiServerProxyUri, request);
  const key = [rest.schema, JSON.stringify(address), openapiMode, body].join('\0');
  return {
    status: 200,
    headers: contentHeaders({ media: { kind: 'openapi' } }, rest),
    body: headersOnly
      ? ''
      : rootDocument(dataSchema, key, () =>
          openapiRoot(
            dataSchema,
            rest.schema,
            address,
            openapiMode === 'ignore-privileges' ? undefined : readVisibleNames(body),
          ),
        ),
  };
}
