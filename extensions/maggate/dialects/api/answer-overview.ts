import type { GatewayAnswer, GatewayRequest } from '../../../sdk/index.ts';
import { openapiDocument } from '../../openapi/openapi-document.ts';
import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import type { Access } from './access.ts';
import { jsonAnswer } from './json-answer.ts';
import { listEndpoints } from './list-endpoints.ts';

/**
 * The answer to GET /api or GET /api/openapi.json.
 * @param access what the caller may do
 * @param headers of the request
 */
export function answerOverview(
  schema: ProjectSchema,
  purpose: 'endpoints' | 'openapi',
  access: Access,
  headers: GatewayRequest['headers'],
): GatewayAnswer {
  if (purpose === 'openapi') return documentAnswer(schema, access, headers['if-none-match']);
  const data = listEndpoints(schema, access);
  const meta = {
    count: data.length,
    tables: new Set(data.map((endpoint) => endpoint.table)).size,
    openapi: '/api/openapi.json',
  };
  return jsonAnswer(200, JSON.stringify({ data, meta }));
}

/** Megabytes where there are many tables: they carry a tag that need not be made of all of them. */
function documentAnswer(
  schema: ProjectSchema,
  access: Access,
  ifNoneMatch: string | undefined,
): GatewayAnswer {
  const { body, digest } = openapiDocument(schema, access);
  const tag = `W/"${digest}"`;
  if (ifNoneMatch?.includes(`"${digest}"`)) return { status: 304, headers: { etag: tag }, body: '' };
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', etag: tag }, body };
}
