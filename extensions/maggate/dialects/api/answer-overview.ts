import type { GatewayAnswer } from '../../../sdk/index.ts';
import { openapiDocument } from '../../openapi/openapi-document.ts';
import type { ApiOperation } from '../../schema-cache/api-operation.ts';
import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import { jsonAnswer } from './json-answer.ts';
import { listEndpoints } from './list-endpoints.ts';

/**
 * The answer to GET /api or GET /api/openapi.json.
 * @param allowed what the caller may do
 */
export function answerOverview(
  schema: ProjectSchema,
  purpose: 'endpoints' | 'openapi',
  allowed: (table: TableSchema, operation: ApiOperation) => boolean,
): GatewayAnswer {
  if (purpose === 'openapi') return jsonAnswer(200, JSON.stringify(openapiDocument(schema, allowed)));
  const data = listEndpoints(schema, allowed);
  const meta = {
    count: data.length,
    tables: new Set(data.map((endpoint) => endpoint.table)).size,
    openapi: '/api/openapi.json',
  };
  return jsonAnswer(200, JSON.stringify({ data, meta }));
}
