import type { JsonSchema } from './column-json-schema.ts';

function option(name: string, schema: JsonSchema, description: string): JsonSchema {
  return { name, in: 'query', schema, description };
}

/** Parts of the document that do not depend on the project. */
export const sharedComponents = {
  parameters: {
    sort: option('sort', { type: 'string' }, 'created_at:desc,name'),
    limit: option('limit', { type: 'integer', minimum: 1 }, 'Rows to answer with.'),
    page: option('page', { type: 'integer', minimum: 1 }, 'Counted from 1.'),
    fields: option('fields', { type: 'string' }, 'id,name'),
    q: option('q', { type: 'string' }, 'Text to look for in the text columns.'),
    count: option('count', { type: 'string', enum: ['exact'] }, 'Adds meta.total.'),
  },
  schemas: {
    ListMeta: {
      type: 'object',
      required: ['limit', 'page', 'hasMore'],
      properties: {
        limit: { type: 'integer' },
        page: { type: 'integer' },
        hasMore: { type: 'boolean' },
        total: { type: 'integer' },
      },
    },
    Problem: {
      type: 'object',
      description: 'RFC 9457 problem details.',
      properties: {
        type: { type: 'string' },
        title: { type: 'string' },
        status: { type: 'integer' },
        detail: { type: 'string' },
        code: { type: 'string' },
        fix: { type: 'string' },
        requestId: { type: 'string' },
      },
    },
  },
  responses: {
    Problem: {
      description: 'What went wrong and how to fix it.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
  securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
} as const;
