import type { ApiOperation } from '../schema-cache/api-operation.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { JsonSchema } from './column-json-schema.ts';

const success = { list: 200, create: 201, read: 200, replace: 200, update: 200, delete: 204 } as const;

/**
 * One operation of a path (OpenAPI 3.1 Operation Object).
 * @param rowReference where the schema of a row is
 */
export function operationObject(
  table: TableSchema,
  operation: ApiOperation,
  rowReference: string,
): JsonSchema {
  const row = { $ref: rowReference };
  const status = success[operation];
  return {
    operationId: `${operation} ${table.name}`,
    tags: [table.name],
    ...(operation === 'list' ? { parameters: listParameters(table) } : {}),
    ...(operation === 'create' ? { requestBody: body({ oneOf: [row, { type: 'array', items: row }] }) } : {}),
    ...(operation === 'replace' || operation === 'update' ? { requestBody: body(row) } : {}),
    responses: {
      [status]: operation === 'delete' ? { description: 'Deleted.' } : answer(operation, row),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function listParameters(table: TableSchema): readonly JsonSchema[] {
  const options = ['sort', 'limit', 'page', 'fields', 'q', 'count'].map((name) => ({
    $ref: `#/components/parameters/${name}`,
  }));
  const reserved = new Set(['sort', 'limit', 'page', 'fields', 'q', 'count']);
  const filters = table.columns.map((column) => ({
    name: reserved.has(column.name) || column.name.startsWith('col.') ? `col.${column.name}` : column.name,
    in: 'query',
    schema: { type: 'string' },
    description: `Filter by ${column.name} (${column.type}): value or operator.value.`,
  }));
  return [...options, ...filters];
}

function body(schema: JsonSchema): JsonSchema {
  return { required: true, content: { 'application/json': { schema } } };
}

function answer(operation: ApiOperation, row: JsonSchema): JsonSchema {
  const list = { type: 'array', items: row };
  const data = operation === 'list' ? list : operation === 'create' ? { oneOf: [row, list] } : row;
  const schema = {
    type: 'object',
    required: ['data', 'meta'],
    properties: {
      data,
      meta: operation === 'list' ? { $ref: '#/components/schemas/ListMeta' } : { type: 'object' },
    },
  };
  return { description: 'Done.', content: { 'application/json': { schema } } };
}
