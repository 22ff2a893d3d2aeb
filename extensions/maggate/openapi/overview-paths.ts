import { batchPath } from './batch-path.ts';
import type { JsonSchema } from './column-json-schema.ts';

const refused = {
  401: { $ref: '#/components/responses/401' },
  503: { $ref: '#/components/responses/503' },
  default: { $ref: '#/components/responses/Problem' },
};

const text = { type: 'string' };

const endpoint = {
  type: 'object',
  required: ['operation', 'method', 'path', 'table'],
  properties: { operation: text, method: text, path: text, table: text },
};

function overview(operationId: string, summary: string, schema: JsonSchema): JsonSchema {
  const ok = {
    description: 'Done.',
    headers: { ETag: { $ref: '#/components/headers/ETag' } },
    content: { 'application/json': { schema } },
  };
  return {
    get: {
      operationId,
      summary,
      tags: ['overview'],
      parameters: [{ $ref: '#/components/parameters/If-None-Match' }],
      responses: { 200: ok, 304: { $ref: '#/components/responses/304' }, ...refused },
    },
  };
}

/** Paths that say what there is; they are there for every project. */
export const overviewPaths = {
  '/api': overview('endpoints', 'What this key may call', {
    type: 'object',
    required: ['data', 'meta'],
    properties: { data: { type: 'array', items: endpoint }, meta: { type: 'object' } },
  }),
  '/api/openapi.json': overview('openapi', 'This document', { type: 'object' }),
  '/batch/v1': batchPath,
};
