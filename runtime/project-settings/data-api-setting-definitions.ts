import { Type } from 'typebox';
import type { DataApiSettings } from '../protocol/data-api-settings.ts';
import { costLimitsSchema } from './cost-limits-schema.ts';
import type { ProjectSettingDefinition } from './setting-definition.ts';

const identifier = Type.String({ minLength: 1, maxLength: 63, pattern: '^[^\\u0000]+$' });
const functionName = Type.String({ maxLength: 127, pattern: '^[^\\u0000."]+(?:\\.[^\\u0000."]+)?$' });
const flag = { kind: 'boolean', schema: Type.Boolean(), allowed: 'true or false' } as const;

/** MagFlock's own objects, those of PostgreSQL, and where passwords and sessions of users are kept. */
function closedSchema(names: readonly string[]): string | undefined {
  const closed = names.find((name) => /^(?:pg_|mg_)|^(?:information_schema|auth)$/i.test(name));
  return closed === undefined ? undefined : `the schema "${closed}" is never part of an API`;
}

function choice(values: readonly string[]): Pick<ProjectSettingDefinition, 'kind' | 'schema' | 'allowed'> {
  return {
    kind: 'text',
    schema: Type.Union(values.map((value) => Type.Literal(value))),
    allowed: `one of ${values.join(', ')}`,
  };
}

/** A header that is sent back as it came must not be one that carries a secret or frames the answer. */
function closedHeader(name: string | null): string | undefined {
  const closed =
    /^(?:authorization|proxy-.*|cookie|set-cookie|apikey|x-api-key|content-.*|connection|transfer-encoding|access-control-.*)$/i;
  return name !== null && closed.test(name) ? `the header ${name} is never sent back` : undefined;
}

/** Every setting of the data API: names as PostgREST has them, in camelCase. */
export const dataApiSettingDefinitions = {
  dbSchemas: {
    kind: 'list',
    schema: Type.Array(identifier, { minItems: 1, maxItems: 100, uniqueItems: true }),
    default: ['public'],
    help: 'Schemas that have an API; the first one is meant when a request names none.',
    allowed: 'a list of 1 to 100 different schemas',
    example: 'public,shop',
    refuse: closedSchema,
  },
  dbExtraSearchPath: {
    kind: 'list',
    schema: Type.Array(identifier, { maxItems: 100, uniqueItems: true }),
    default: ['public', 'extensions'],
    help: 'Schemas looked in after the one of the request, for functions and types of extensions.',
    allowed: 'a list of at most 100 different schemas',
    example: 'public,extensions,shop',
    refuse: closedSchema,
  },
  dbAggregatesEnabled: {
    ...flag,
    default: false,
    help: 'sum(), avg(), count(), max() and min() in select.',
    example: 'true',
  },
  dbPlanEnabled: {
    ...flag,
    default: false,
    help: 'Callers may ask for the execution plan; not for a database of strangers.',
    example: 'true',
  },
  dbMaxRows: {
    kind: 'number',
    schema: Type.Union([Type.Integer({ minimum: 0, maximum: 2_147_483_647 }), Type.Null()]),
    default: null,
    help: 'Rows of one answer at most; null for none. Size and time of an answer are limited in any case.',
    allowed: 'a whole number from 0 on, or null for no limit',
    example: '1000',
  },
  dbPreRequest: {
    kind: 'text',
    schema: Type.Union([functionName, Type.Null()]),
    default: null,
    help: 'Function called in each transaction before the request itself.',
    allowed: 'the name of a function, with its schema or without, or null for none',
    example: 'public.check_request',
  },
  dbRootSpec: {
    kind: 'text',
    schema: Type.Union([functionName, Type.Null()]),
    default: null,
    help: 'Function that answers the root instead of the OpenAPI document.',
    allowed: 'the name of a function, with its schema or without, or null for none',
    example: 'public.root',
  },
  dbTxEnd: {
    ...choice(['commit', 'commit-allow-override', 'rollback', 'rollback-allow-override']),
    default: 'commit',
    help: 'How transactions end, and whether Prefer: tx may change it.',
    example: 'commit-allow-override',
  },
  dbHoistedTxSettings: {
    kind: 'list',
    schema: Type.Array(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_$]*(?:\\.[A-Za-z_][A-Za-z0-9_$]*)?$', maxLength: 127 }),
      {
        maxItems: 100,
      },
    ),
    default: ['statement_timeout', 'plan_filter.statement_cost_limit', 'default_transaction_isolation'],
    help: 'Settings of a called function (create function … set …) that hold for its whole transaction.',
    allowed: 'a list of at most 100 names of PostgreSQL settings',
    example: 'statement_timeout',
  },
  clientErrorVerbosity: {
    ...choice(['verbose', 'minimal']),
    default: 'verbose',
    help: 'Whether errors have details and hint.',
    example: 'minimal',
  },
  openapiMode: {
    ...choice(['follow-privileges', 'ignore-privileges', 'disabled']),
    default: 'follow-privileges',
    help: 'What the OpenAPI document at the root shows.',
    example: 'disabled',
  },
  openapiSecurityActive: {
    ...flag,
    default: false,
    help: 'The OpenAPI document names the token as security.',
    example: 'true',
  },
  openapiServerProxyUri: {
    kind: 'text',
    schema: Type.Union([Type.String({ pattern: '^https?://[^\\s"<>\\\\]+$', maxLength: 2000 }), Type.Null()]),
    default: null,
    help: 'Address in the OpenAPI document when a proxy stands before.',
    allowed: 'an http or https address, or null for that of the daemon',
    example: 'https://api.example.com',
  },
  serverCorsAllowedOrigins: {
    kind: 'list',
    schema: Type.Array(Type.String({ pattern: '^(?:\\*|https?://[^\\s/,"]+)$', maxLength: 255 }), {
      maxItems: 100,
    }),
    // As PostgREST has it. No credentials go with it: who asks is told by headers alone.
    default: ['*'],
    help: 'Web pages of which origins may call /rest/v1; * is any. For all else corsOrigins of the daemon holds.',
    allowed: 'a list of at most 100 origins such as https://example.com, or *',
    example: 'https://example.com',
  },
  serverTimingEnabled: {
    ...flag,
    default: false,
    help: 'Server-Timing in each answer.',
    example: 'true',
  },
  serverTraceHeader: {
    kind: 'text',
    schema: Type.Union([Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$' }), Type.Null()]),
    default: null,
    help: 'Header that is sent back as it came.',
    allowed: 'the name of a header, or null for none',
    example: 'X-Request-Id',
    refuse: closedHeader,
  },
  urlUseLegacyTargetNames: {
    ...flag,
    default: true,
    help: 'Embedded relations may be named by the name of a column or constraint.',
    example: 'false',
  },
  appSettings: {
    kind: 'json',
    schema: Type.Record(
      Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_$]{0,62}$' }),
      Type.String({ maxLength: 8192, pattern: '^[^\\u0000]*$' }),
      {
        additionalProperties: false,
        maxProperties: 100,
      },
    ),
    default: {},
    help: 'app.settings.<name> in each transaction, for functions and policies. Roles can read them: no secrets.',
    allowed: 'an object of at most 100 names and texts, as JSON',
    example: '{"region":"eu"}',
  },
  limits: {
    kind: 'json',
    schema: Type.Record(Type.String({ pattern: '^[^\\u0000]{1,63}$' }), costLimitsSchema, {
      additionalProperties: false,
      maxProperties: 100,
    }),
    // Each level of embedding multiplies what PostgreSQL holds in memory.
    default: { '*': { depth: 8 } },
    help: 'What one request may cost by role: cost of the plan, rows, bytes, depth of embedding, time. * is any other role; {} is no limit.',
    allowed: 'an object of roles and their limits (cost, rows, bytes, depth, timeMs), as JSON',
    example: '{"anon":{"cost":100000,"depth":3}}',
  },
} as const satisfies Record<keyof DataApiSettings, ProjectSettingDefinition>;
