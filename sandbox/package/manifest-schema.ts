import type { HookOperation } from '../../runtime/protocol/extension-manifest.ts';
import { capabilityNames } from './capability-names.ts';
import type { Shape } from './first-misfit.ts';
import { manifestPatterns as patterns } from './manifest-patterns.ts';

const operations: readonly HookOperation[] = ['list', 'read', 'create', 'update', 'replace', 'delete'];

/** No control characters and nothing that turns the direction of writing: these texts are shown to operators. */
const text = (maxLength: number, description: string): Shape => ({
  type: 'string',
  minLength: 1,
  maxLength,
  pattern: patterns.text,
  description,
});
const choice = (values: readonly string[], description: string): Shape => ({
  type: 'string',
  enum: values,
  description,
});
const whole = (minimum: number, maximum: number, description: string): Shape => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
const yesOrNo = (description: string): Shape => ({ type: 'boolean', description });
const list = (items: Shape, minItems: number, maxItems: number, description: string): Shape => ({
  type: 'array',
  items,
  minItems,
  maxItems,
  // Of objects JSON Schema compares contents; those of a manifest are compared by name when it is read.
  ...(items.type === 'object' ? {} : { uniqueItems: true }),
  description,
});
const closed = (properties: Readonly<Record<string, Shape>>, required: readonly string[]): Shape => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const map = (pattern: string, values: Shape, description: string): Shape => ({
  type: 'object',
  propertyNames: { pattern, maxLength: 100 },
  additionalProperties: values,
  maxProperties: 50,
  description,
});

const configProperty = closed(
  {
    type: choice(['string', 'number', 'integer', 'boolean'], 'A scalar.'),
    title: text(100, 'A short name.'),
    description: text(500, 'What it decides.'),
    default: { type: ['string', 'number', 'boolean'], description: 'Taken when the operator gives none.' },
    enum: list({ type: ['string', 'number', 'boolean'] }, 1, 50, 'The only values it takes.'),
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    minLength: whole(0, 10_000, 'Least characters.'),
    maxLength: whole(0, 10_000, 'Most characters.'),
  },
  ['type'],
);

/** JSON Schema of `ExtensionManifest`, published as `extensions/sdk/magflock.extension.schema.json`. */
export const manifestSchema: Shape = closed(
  {
    id: { type: 'string', pattern: patterns.id, maxLength: 100, description: 'publisher.name, lower case.' },
    name: { type: 'string', pattern: patterns.name, maxLength: 50, description: 'Its name on the machine.' },
    version: { type: 'string', pattern: patterns.version, maxLength: 50, description: 'Semantic version.' },
    description: text(500, 'What it does, for operators.'),
    requiredComponents: list(
      { type: 'string', pattern: patterns.name, maxLength: 50 },
      0,
      20,
      'Parts that must be ready before it starts.',
    ),
    permissions: list(
      closed(
        {
          capability: choice(capabilityNames, 'What it may do.'),
          scope: list(text(500, 'One thing that it covers; * is everything.'), 1, 100, 'What it covers.'),
          reason: text(200, 'One sentence for the operator who grants it.'),
          optional: yesOrNo('It also works without it.'),
        },
        ['capability', 'scope', 'reason'],
      ),
      0,
      50,
      'What it asks for; each capability once.',
    ),
    extensionApi: whole(1, 1000, 'Version of the API between host and guest; 1.'),
    engine: text(100, 'Versions of MagFlock it runs on, a semver range.'),
    dependencies: map(patterns.id, text(100, 'A semver range.'), 'Other extensions it needs: id to range.'),
    main: { type: 'string', pattern: patterns.source, maxLength: 200, description: 'What pack bundles.' },
    $schema: text(300, 'Where an editor finds this schema; nothing else reads it.'),
    homepage: { type: 'string', pattern: '^https://[!-~]+$', maxLength: 300, description: 'A web page.' },
    routes: list(
      closed(
        {
          method: choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], 'HTTP method.'),
          path: {
            type: 'string',
            pattern: patterns.route,
            maxLength: 200,
            description: 'Below /ext/<name>.',
          },
          public: yesOrNo('Answers callers without a key too.'),
        },
        ['method', 'path'],
      ),
      0,
      200,
      'Routes below /ext/<name>; need http.route.',
    ),
    hooks: list(
      closed(
        {
          when: choice(['before', 'after'], 'Before or after the operation.'),
          tables: list({ type: 'string', pattern: patterns.table, maxLength: 130 }, 1, 100, 'Tables, or *.'),
          operations: list(choice(operations, 'An operation of the data API.'), 1, 6, 'Operations.'),
          timeoutMs: whole(1, 5000, 'Milliseconds it gets; default 100.'),
          onFailure: choice(['refuse', 'pass'], 'What becomes of the request when the hook fails.'),
        },
        ['when', 'tables', 'operations'],
      ),
      0,
      50,
      'Hooks on operations of the data API.',
    ),
    events: list(
      { type: 'string', pattern: patterns.event, maxLength: 100 },
      0,
      50,
      'Events that wake it; need events.on.',
    ),
    schedules: list(
      closed(
        {
          name: { type: 'string', pattern: patterns.name, maxLength: 50, description: 'Its name.' },
          cron: {
            type: 'string',
            pattern: patterns.cron,
            maxLength: 100,
            description: 'Five or six fields.',
          },
          timezone: { type: 'string', pattern: patterns.zone, maxLength: 60, description: 'IANA name; UTC.' },
        },
        ['name', 'cron'],
      ),
      0,
      20,
      'When onSchedule is called.',
    ),
    startup: yesOrNo('Starts with the machine instead of with its first call.'),
    migrations: list(
      { type: 'string', pattern: patterns.migration, maxLength: 100 },
      0,
      200,
      'SQL files with -- UP and -- DOWN, in order; need db.schema.',
    ),
    config: closed(
      {
        type: choice(['object'], 'Always object.'),
        properties: map(patterns.setting, configProperty, 'Its settings.'),
        required: list(
          { type: 'string', pattern: patterns.setting, maxLength: 100 },
          0,
          50,
          'Must be given.',
        ),
        additionalProperties: { type: 'boolean', const: false },
      },
      ['type', 'properties'],
    ),
    limits: closed(
      {
        cpuMsPerCall: whole(1, 60_000, 'Processor time of a call, milliseconds.'),
        cpuMsPerMinute: whole(1, 60_000, 'Processor time per minute, milliseconds.'),
        memoryMegabytes: whole(8, 1024, 'Heap.'),
        callsPerSecond: whole(1, 1_000_000, 'Calls into it.'),
        messagesPerSecond: whole(1, 1_000_000, 'Capability calls.'),
        concurrentCalls: whole(1, 10_000, 'Calls at the same time.'),
        rowsPerCall: whole(1, 1_000_000, 'Rows one database call may return or write.'),
        egressBytesPerMinute: whole(0, 10_737_418_240, 'Bytes of net.fetch, both directions.'),
        diskMegabytes: whole(0, 10_240, 'Its files.'),
        logLinesPerMinute: whole(0, 100_000, 'Lines of its log.'),
      },
      [],
    ),
    stateVersion: whole(0, 1_000_000, 'Counts up when the shape of what it keeps changes.'),
  },
  ['id', 'name', 'version', 'description', 'requiredComponents', 'permissions'],
);
