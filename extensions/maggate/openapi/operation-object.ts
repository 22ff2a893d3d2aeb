import { furtherNames, reservedNames } from '../dialects/api/reserved-names.ts';
import type { ApiOperation } from '../schema-cache/api-operation.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { JsonSchema } from './column-json-schema.ts';

const words: Readonly<Record<ApiOperation, string>> = {
  list: 'Rows of',
  create: 'One row or many into',
  read: 'One row of',
  replace: 'Replaces a row of',
  update: 'Changes a row of',
  delete: 'Deletes a row of',
};

/** Statuses of errors that callers deal with by themselves; all others are under `default`. */
const problems: Readonly<Record<ApiOperation, readonly number[]>> = {
  list: [400, 401, 403, 404, 503],
  read: [400, 401, 403, 404, 503],
  create: [400, 401, 403, 404, 409, 413, 415, 422, 503],
  replace: [400, 401, 403, 404, 409, 412, 413, 415, 422, 503],
  update: [400, 401, 403, 404, 409, 412, 413, 415, 422, 503],
  delete: [400, 401, 403, 404, 409, 412, 503],
};

const requestHeaders: Readonly<Record<ApiOperation, readonly string[]>> = {
  list: ['If-None-Match'],
  read: ['If-None-Match'],
  create: ['Prefer', 'Idempotency-Key'],
  replace: ['Prefer', 'If-Match', 'Idempotency-Key'],
  update: ['Prefer', 'If-Match', 'Idempotency-Key'],
  delete: ['If-Match', 'Idempotency-Key'],
};

/** Query names with a meaning; a column of such a name is behind `col.`. */
const named: readonly string[] = [...reservedNames, ...furtherNames];

/** Where the schemas of a table's rows are. */
export interface RowReferences {
  readonly row: string;
  readonly insert: string;
  readonly update: string;
}

/**
 * One operation of a path (OpenAPI 3.1 Operation Object).
 * @param filterable columns that the caller may filter by
 */
export function operationObject(
  table: TableSchema,
  operation: ApiOperation,
  references: RowReferences,
  filterable: readonly ColumnSchema[],
): JsonSchema {
  const shared = operation === 'list' ? named : operation === 'delete' ? [] : ['fields'];
  const parameters = [
    ...[...shared, ...requestHeaders[operation]].map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ...(operation === 'list' ? filterable.map(filter) : []),
  ];
  const refused = problems[operation].map((status) => [status, { $ref: `#/components/responses/${status}` }]);
  return {
    operationId: `${operation} ${table.name}`,
    summary: `${words[operation]} ${table.name}`,
    tags: [table.name],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(operation, references),
    responses: {
      ...successes(operation, { $ref: references.row }),
      ...Object.fromEntries(refused),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** `col.` leads to a column whose name means something else. */
function filter(column: ColumnSchema): JsonSchema {
  const { name, type } = column;
  const reserved = named.includes(name) || name.startsWith('col.');
  const kind = column.kind === 'text' || column.kind === 'boolean' ? column.kind : 'plain';
  return {
    name: reserved ? `col.${name}` : name,
    in: 'query',
    description: type,
    schema: { $ref: `#/components/schemas/filter.${kind}` },
  };
}

function requestBody(operation: ApiOperation, { insert, update }: RowReferences): JsonSchema {
  const one = { $ref: operation === 'update' ? update : insert };
  if (operation === 'create') return body({ oneOf: [one, { type: 'array', items: one }] });
  return operation === 'replace' || operation === 'update' ? body(one) : {};
}

function body(schema: JsonSchema): JsonSchema {
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function successes(operation: ApiOperation, row: JsonSchema): JsonSchema {
  const list = { type: 'array', items: row };
  switch (operation) {
    case 'list':
      return {
        200: answer(list, { $ref: '#/components/schemas/ListMeta' }, ['ETag', 'Link']),
        ...notModified,
      };
    case 'read':
      return { 200: answer(row, { type: 'object' }, ['ETag']), ...notModified };
    case 'create':
      // A trigger may keep a row out: null then.
      return {
        201: answer({ oneOf: [row, list, { type: 'null' }] }, { type: 'object' }, ['Location', ...written]),
      };
    case 'delete':
      return { 204: { description: 'Deleted.', headers: headers(['Idempotency-Replayed']) } };
    default:
      return {
        200: answer(row, { type: 'object' }, written),
        204: { description: 'Done (return=minimal).', headers: headers(written) },
      };
  }
}

const written = ['ETag', 'Preference-Applied', 'Idempotency-Replayed'];
const notModified = { 304: { $ref: '#/components/responses/304' } };

function answer(data: JsonSchema, meta: JsonSchema, names: readonly string[]): JsonSchema {
  const schema = { type: 'object', required: ['data', 'meta'], properties: { data, meta } };
  return {
    description: 'Done.',
    ...(names.length === 0 ? {} : { headers: headers(names) }),
    content: { 'application/json': { schema } },
  };
}

function headers(names: readonly string[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
