import { furtherNames, reservedNames } from '../dialects/api/reserved-names.ts';
import type { JsonSchema } from './column-json-schema.ts';
import { problemCodes } from './problem-codes.ts';
import { filterSchemas, queryParameters } from './query-parameters.ts';

const text = { type: 'string' };

function header(description: string, schema: JsonSchema = text): JsonSchema {
  return { description, schema };
}

/** Headers of answers. */
const headers = {
  ETag: header('Changes with the answer; for If-None-Match.'),
  'Idempotency-Replayed': header('The write was done before: this is its answer of that time.', {
    const: 'true',
  }),
  Link: header('Next and previous page (RFC 8288), with cursor.'),
  Location: header('Address of the row that was made.'),
  'Preference-Applied': header('return=minimal: the answer has no body.'),
  'Retry-After': header('Seconds to wait before the next try.', { type: 'integer', minimum: 1 }),
  'X-Request-Id': header('Names this request in logs and in the audit trail.'),
  'WWW-Authenticate': header('What is wrong with the key.'),
  Allow: header('Methods of this path.'),
};

/** Headers of requests. */
const requestHeaders = {
  Prefer: {
    name: 'Prefer',
    in: 'header',
    schema: { type: 'string', enum: ['return=minimal', 'return=representation'] },
    description: 'return=minimal: answer without the row; needs no right to read.',
  },
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    schema: text,
    description: 'ETag of the row as it was read: 412 when it is another one by now.',
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    schema: { type: 'string', maxLength: 257 },
    description:
      'A write with the same key is done once; sent again, it is answered as the first time (24 hours).',
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    schema: text,
    description: 'ETag of an earlier answer: 304 when it still holds.',
  },
};

const problem = {
  type: 'object',
  description: 'RFC 9457 problem details.',
  required: ['type', 'title', 'status', 'detail', 'code', 'fix', 'requestId'],
  properties: {
    type: { type: 'string', description: 'Page that explains the code: /errors/{code}.' },
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    code: { type: 'string', pattern: '^MF[0-9]{3}$' },
    fix: { type: 'string', description: 'The way out.' },
    requestId: text,
  },
};

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood.',
  401: 'No key, or one that is not valid.',
  403: 'The key may not do this, or the request was blocked.',
  404: 'No such table or row.',
  405: 'Not a method of this path.',
  408: 'The request came too slowly.',
  409: 'In conflict with other rows.',
  412: 'The row is another one by now.',
  413: 'The body is too large.',
  414: 'Path and query are too long.',
  415: 'The body is no JSON.',
  422: 'A value does not fit.',
  431: 'The headers are too large.',
  503: 'Not possible at the moment.',
  504: 'It took too long.',
};

/** Headers that a status comes with. */
const headersOf: Readonly<Record<number, readonly (keyof typeof headers)[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  412: ['ETag'],
  503: ['Retry-After'],
};

function problemResponse([status, codes]: [string, readonly string[]]): [string, JsonSchema] {
  const named = ['X-Request-Id', ...(headersOf[Number(status)] ?? [])];
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    properties: { status: { const: Number(status) }, code: { enum: codes } },
  };
  const response = {
    description: `${titles[Number(status)]} ${codes.join(', ')}`,
    headers: Object.fromEntries(named.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    content: { 'application/problem+json': { schema } },
  };
  return [status, response];
}

/** Parts of the document that do not depend on the project. */
export const sharedComponents = {
  parameters: {
    ...Object.fromEntries(
      [...reservedNames, ...furtherNames].map((name) => [name, queryParameters[name] as JsonSchema]),
    ),
    ...requestHeaders,
  },
  headers,
  schemas: {
    ...filterSchemas,
    ListMeta: {
      type: 'object',
      required: ['limit', 'hasMore'],
      properties: {
        limit: { type: 'integer' },
        page: { type: 'integer', description: 'Without cursor.' },
        next: { type: ['string', 'null'], description: 'With cursor: that of the next page.' },
        previous: { type: ['string', 'null'], description: 'With cursor: that of the page before.' },
        hasMore: { type: 'boolean' },
        total: { type: 'integer', description: 'With count=exact.' },
      },
    },
    Problem: problem,
  },
  responses: {
    ...Object.fromEntries(Object.entries(problemCodes).map(problemResponse)),
    304: { description: 'Not modified.', headers: { ETag: { $ref: '#/components/headers/ETag' } } },
    Problem: {
      description: 'Any other error; /errors/{code} explains it.',
      headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
  securitySchemes: {
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    bearer: { type: 'http', scheme: 'bearer', description: 'The key as a bearer token (RFC 6750).' },
  },
} as const;
