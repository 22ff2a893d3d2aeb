import type { JsonSchema } from './column-json-schema.ts';

const text = { type: 'string' };
const names = {
  description: 'A list, or one text with commas; empty for none.',
  oneOf: [{ type: 'array', items: text }, text],
};
const row = {
  type: 'object',
  description: 'Columns and values; {"$ref": "order.id"} is a value of an earlier result.',
};
const rows = { oneOf: [row, { type: 'array', items: row, minItems: 1 }] };
const where = {
  type: 'object',
  description:
    'Column to value, null, list, reference, or operators: {"gt": 5}, {"in": {"$ref": "items[*].id"}}.',
};
const table = { table: text };

const shared = {
  id: {
    type: 'string',
    pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,62}$',
    description: 'What others refer to it by; else its number.',
  },
  expect: { type: 'integer', minimum: 0, description: 'Rows it has to be, or nothing is done (409).' },
};

function operation(op: string, required: readonly string[], own: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['op', ...required],
    properties: { ...shared, op: { const: op }, ...own },
    additionalProperties: false,
  };
}

const operations = [
  operation('insert', ['table', 'data'], { ...table, data: rows, fields: names }),
  operation('upsert', ['table', 'data'], { ...table, data: rows, fields: names, onConflict: names }),
  operation('update', ['table', 'data', 'where'], { ...table, data: row, where, fields: names }),
  operation('delete', ['table', 'where'], { ...table, where, fields: names }),
  operation('select', ['table'], {
    ...table,
    where,
    fields: names,
    sort: text,
    limit: { type: 'integer', minimum: 1 },
    query: {
      type: 'string',
      description: 'Query string of a list instead of where, fields, sort and limit.',
    },
  }),
  operation('call', ['function'], { function: text, data: row }),
];

const result = {
  type: 'object',
  required: ['id', 'status', 'data', 'meta'],
  properties: {
    id: text,
    status: { type: 'integer' },
    data: { description: 'A row, a list of rows, the value of a function, or null.' },
    meta: { type: 'object' },
  },
};

function list(name: string, items: JsonSchema, most: number): JsonSchema {
  return {
    'application/json': {
      schema: {
        type: 'object',
        required: [name],
        properties: { [name]: { type: 'array', items, minItems: 1, maxItems: most } },
      },
    },
  };
}

const refused = [400, 401, 403, 404, 409, 413, 422, 503].map(
  (status) => [status, { $ref: `#/components/responses/${status}` }] as const,
);

/** `POST /batch/v1`. Problems have `step` and `id` of the operation besides. */
export const batchPath: JsonSchema = {
  post: {
    operationId: 'batch',
    summary: 'Several operations, all or none',
    tags: ['batch'],
    parameters: [{ $ref: '#/components/parameters/Idempotency-Key' }],
    requestBody: { required: true, content: list('operations', { oneOf: operations }, 100) },
    responses: {
      200: {
        description: 'All done; results in the order of the operations.',
        content: list('results', result, 100),
      },
      ...Object.fromEntries(refused),
      default: { $ref: '#/components/responses/Problem' },
    },
  },
};
