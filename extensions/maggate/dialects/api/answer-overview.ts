import type { GatewayAnswer } from '../../../sdk/index.ts';
import { openapiDocument } from '../../openapi/openapi-document.ts';
import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import type { Access } from './access.ts';
import { jsonAnswer } from './json-answer.ts';
import { listEndpoints } from './list-endpoints.ts';

/**
 * The answer to GET /api or GET /api/openapi.json.
 * @param access what the caller may do
 */
export function answerOverview(
  schema: ProjectSchema,
  purpose: 'endpoints' | 'openapi',
  access: Access,
): GatewayAnswer {
  if (purpose === 'openapi') return jsonAnswer(200, openapiDocument(schema, access));
  const data = listEndpoints(schema, access);
  const meta = {
    count: data.length,
    tables: new Set(data.map((endpoint) => endpoint.table)).size,
    openapi: '/api/openapi.json',
  };
  return jsonAnswer(200, JSON.stringify({ data, meta }));
}
