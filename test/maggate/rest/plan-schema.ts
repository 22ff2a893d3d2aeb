import type {
  Cardinality,
  ColumnPairs,
  DataColumn,
  DataSchema,
  DataTable,
  QualifiedName,
  Relationship,
  Routine,
  RoutineParameter,
} from '../../../extensions/maggate/schema-cache/data-schema.ts';
import type { DataApiSettings } from '../../../runtime/protocol/data-api-settings.ts';

const settings: DataApiSettings = {
  dbSchemas: ['test'],
  dbExtraSearchPath: ['public'],
  dbAggregatesEnabled: true,
  dbPlanEnabled: false,
  dbMaxRows: null,
  dbPreRequest: null,
  dbRootSpec: null,
  dbTxEnd: 'commit',
  dbHoistedTxSettings: [],
  clientErrorVerbosity: 'verbose',
  openapiMode: 'follow-privileges',
  openapiSecurityActive: false,
  openapiServerProxyUri: null,
  serverCorsAllowedOrigins: [],
  serverTimingEnabled: false,
  serverTraceHeader: null,
  urlUseLegacyTargetNames: true,
  appSettings: {},
  limits: {},
};

function inTest(name: string): QualifiedName {
  return { schema: 'test', name };
}

function column(definition: string): [string, DataColumn] {
  const [name, nominalType = 'integer', type = nominalType] = definition.split(':');
  const made: DataColumn = {
    name: name!,
    comment: null,
    nullable: true,
    type,
    nominalType,
    maxLength: null,
    default: name === 'id' ? "nextval('ids')" : null,
    generated: false,
    identityAlways: false,
    enumValues: [],
  };
  return [made.name, made];
}

/** `name:declared type:type behind it`; the type is integer when it is left out. */
function table(name: string, primaryKey: readonly string[], columns: readonly string[]): DataTable {
  return {
    ...inTest(name),
    comment: null,
    isView: name.endsWith('_view'),
    insertable: true,
    updatable: true,
    deletable: true,
    rowSecurity: false,
    primaryKey,
    columns: new Map(columns.map(column)),
  };
}

const tables = [
  table('clients', ['id'], ['id', 'name:text']),
  table('projects', ['id'], ['id', 'name:text', 'client_id', 'data:jsonb', 'tags:text[]', 'words:tsvector']),
  table('projects_view', ['id'], ['id', 'name:text', 'client_id']),
  table('tasks', ['id'], ['id', 'name:text', 'project_id']),
  table('users', ['id'], ['id', 'name:text']),
  table('users_tasks', ['user_id', 'task_id'], ['user_id', 'task_id']),
  table('organizations', ['id'], ['id', 'referee', 'auditor']),
  table('messages', ['id'], ['id', 'sender', 'recipient']),
  table('todos', ['id'], ['id', 'color:color:integer', 'due:timestamp with time zone']),
  table('logs', [], ['a:text', 'b:text']),
];

function keys(
  from: string,
  to: string,
  constraint: string,
  columns: ColumnPairs,
  kind: 'many-to-one' | 'one-to-one' = 'many-to-one',
): readonly Relationship[] {
  const back = columns.map(([here, there]) => [there, here] as const);
  const there: Cardinality =
    kind === 'one-to-one' ? { kind, constraint, columns, isParent: false } : { kind, constraint, columns };
  const here: Cardinality =
    kind === 'one-to-one'
      ? { kind, constraint, columns: back, isParent: true }
      : { kind: 'one-to-many', constraint, columns: back };
  return [related(from, to, there), related(to, from, here)];
}

function related(from: string, to: string, cardinality: Cardinality): Relationship {
  return {
    kind: 'foreign-key',
    table: inTest(from),
    foreignTable: inTest(to),
    isSelf: from === to,
    cardinality,
    tableIsView: from.endsWith('_view'),
    foreignTableIsView: to.endsWith('_view'),
  };
}

function computed(table_: string, name: string, to: string, toOne: boolean): Relationship {
  return {
    kind: 'computed',
    function: inTest(name),
    table: inTest(table_),
    foreignTable: inTest(to),
    tableAlias: inTest(table_),
    toOne,
    isSelf: false,
  };
}

function junction(from: string, to: string, source: ColumnPairs, target: ColumnPairs): Relationship {
  return related(from, to, {
    kind: 'many-to-many',
    junction: inTest('users_tasks'),
    constraint1: `users_tasks_${from}_fkey`,
    constraint2: `users_tasks_${to}_fkey`,
    source,
    target,
  });
}

const relationships: readonly Relationship[] = [
  ...keys('projects', 'clients', 'client', [['client_id', 'id']]),
  ...keys('projects_view', 'clients', 'client', [['client_id', 'id']]),
  ...keys('tasks', 'projects', 'project', [['project_id', 'id']]),
  junction('users', 'tasks', [['id', 'user_id']], [['id', 'task_id']]),
  junction('tasks', 'users', [['id', 'task_id']], [['id', 'user_id']]),
  ...keys('organizations', 'organizations', 'org_referee_fkey', [['referee', 'id']]),
  ...keys('organizations', 'organizations', 'org_auditor_fkey', [['auditor', 'id']]),
  ...keys('messages', 'users', 'messages_sender_fkey', [['sender', 'id']]),
  ...keys('messages', 'users', 'messages_recipient_fkey', [['recipient', 'id']]),
  ...keys('todos', 'tasks', 'todos_task_fkey', [['id', 'id']], 'one-to-one'),
  computed('clients', 'computed_projects', 'projects', false),
  computed('projects', 'computed_client', 'clients', true),
];

function byTable(all: readonly Relationship[]): ReadonlyMap<string, readonly Relationship[]> {
  const map = new Map<string, Relationship[]>();
  for (const each of all) {
    const key = `${each.table.schema}\0${each.table.name}\0${each.foreignTable.schema}`;
    map.set(key, [...(map.get(key) ?? []), each]);
  }
  return map;
}

/** A parameter is `name:type`, with `?` behind when it has a default, `...` before when it is VARIADIC. */
export function fakeRoutine(
  name: string,
  parameters: readonly string[],
  more: Partial<Omit<Routine, 'name' | 'parameters'>> = {},
): Routine {
  const taken = parameters.map((definition): RoutineParameter => {
    const [, variadic, parameter, type, optional] = /^(\.\.\.)?([^:]*):([^?]*)(\?)?$/.exec(definition)!;
    return {
      name: parameter!,
      type: type!,
      typeMaxLength: type!,
      required: optional === undefined,
      variadic: variadic !== undefined,
    };
  });
  return {
    ...inTest(name),
    comment: null,
    parameters: taken,
    returns: { setOf: false, kind: 'scalar', type: { schema: 'pg_catalog', name: 'int4' }, isAlias: false },
    volatility: 'volatile',
    hasVariadic: taken.some(({ variadic }) => variadic),
    isolation: null,
    settings: [],
    ...more,
  };
}

const routines: readonly Routine[] = [
  fakeRoutine('sayhello', ['name:text']),
  fakeRoutine('add_them', ['a:integer', 'b:integer'], { volatility: 'immutable' }),
  fakeRoutine('overloaded', []),
  fakeRoutine('overloaded', ['a:integer', 'b:integer']),
  fakeRoutine('overloaded', ['a:text', 'b:text', 'c:text']),
  fakeRoutine('same_args', ['arg:integer']),
  fakeRoutine('same_args', ['arg:xml']),
  fakeRoutine('same_args', ['arg:text', 'num:integer?']),
  fakeRoutine('whole', [':json']),
  fakeRoutine('whole', [':jsonb']),
  fakeRoutine('unnamed_text', [':text']),
  fakeRoutine('unnamed_bytea', [':bytea']),
  fakeRoutine('named_or_json', [':json']),
  fakeRoutine('named_or_json', ['x:integer', 'y:integer']),
  fakeRoutine('optional', ['a:integer', 'b:integer?']),
  fakeRoutine('summed', ['...v:integer[]', 'start:integer?']),
  fakeRoutine('all_projects', [], {
    volatility: 'stable',
    returns: { setOf: true, kind: 'composite', type: inTest('projects'), isAlias: false },
  }),
];

function byName(all: readonly Routine[]): ReadonlyMap<string, readonly Routine[]> {
  const map = new Map<string, Routine[]>();
  for (const each of all) {
    const key = `${each.schema}\0${each.name}`;
    map.set(key, [...(map.get(key) ?? []), each]);
  }
  return map;
}

const base: DataSchema = {
  project: 'p',
  version: 1,
  settings,
  serverVersion: 180000,
  tables: new Map(tables.map((each) => [`test\0${each.name}`, each])),
  relationships: byTable(relationships),
  routines: byName(routines),
  representations: new Map([
    ['color\0json', 'test.color_to_json'],
    ['text\0color', 'test.color_from_text'],
    ['json\0color', 'test.color_from_json'],
  ]),
  mediaHandlers: new Map(),
  roleSettings: new Map(),
  schemaComments: new Map([['test', null]]),
};

/** A schema in memory, in the manner of PostgREST's own fixtures. */
export function planSchema(
  more: { readonly settings?: Partial<DataApiSettings> } & Partial<Omit<DataSchema, 'settings'>> = {},
): DataSchema {
  return { ...base, ...more, settings: { ...settings, ...more.settings } };
}
