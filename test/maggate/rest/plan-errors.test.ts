import assert from 'node:assert/strict';
import { planAction } from '../../../extensions/maggate/dialects/rest/plan/plan-action.ts';
import type { RestRequest } from '../../../extensions/maggate/dialects/rest/rest-request.ts';
import type { SelectNode } from '../../../extensions/maggate/query/query-params.ts';
import type { DataSchema } from '../../../extensions/maggate/schema-cache/data-schema.ts';
import { and, by, call, col, filter, read, rel, spread, write } from './plan-request.ts';
import { planSchema } from './plan-schema.ts';

interface Told {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
  readonly hint?: string | null;
}

function assertRefused(schema: DataSchema, request: RestRequest, told: Told): void {
  assert.throws(() => planAction(schema, request), {
    name: 'RestError',
    details: null,
    hint: null,
    ...told,
  });
}

const isNull = { kind: 'is', value: 'null' } as const;
const wrongFilters: Told = {
  status: 405,
  code: 'PGRST105',
  message: "Filters must include all and only primary key columns with 'eq' operators",
};

function noTable(name: string, near?: string): Told {
  return {
    status: 404,
    code: 'PGRST205',
    message: `Could not find the table 'test.${name}' in the schema cache`,
    hint: near === undefined ? null : `Perhaps you meant the table 'test.${near}'`,
  };
}

function noRelationship(parent: string, child: string, hint: string | null, using = ''): Told {
  return {
    status: 400,
    code: 'PGRST200',
    message: `Could not find a relationship between '${parent}' and '${child}' in the schema cache`,
    details: `Searched for a foreign key relationship between '${parent}' and '${child}'${using} in the schema 'test', but no matches were found.`,
    hint,
  };
}

function notEmbedded(name: string): Told {
  return {
    status: 400,
    code: 'PGRST108',
    message: `'${name}' is not an embedded resource in this request`,
    hint: `Verify that '${name}' is included in the 'select' query parameter.`,
  };
}

describe('MagGate: what planning a request of the PostgREST dialect refuses', () => {
  const rows: [title: string, request: RestRequest, told: Told][] = [
    ['an unknown table', read('nothing_like_it'), noTable('nothing_like_it')],
    ['an unknown table, with the nearest', read('projecxx'), noTable('projecxx', 'projects')],
    ['a write to an unknown table', write('delete', 'clientss'), noTable('clientss', 'clients')],
    [
      'an unknown relationship',
      read('clients', { query: { select: [rel('users')] } }),
      noRelationship('clients', 'users', null),
    ],
    [
      'an unknown relationship, with the nearest relation',
      read('clients', { query: { select: [rel('projectz')] } }),
      noRelationship('clients', 'projectz', "Perhaps you meant 'projects' instead of 'projectz'."),
    ],
    [
      'a table without relationships, with the nearest that has some',
      read('logs', { query: { select: [rel('projects')] } }),
      noRelationship('logs', 'projects', "Perhaps you meant 'todos' instead of 'logs'."),
    ],
    [
      'a hint that leads nowhere',
      read('messages', { query: { select: [rel('sender:users!space')] } }),
      noRelationship('messages', 'users', null, " using the hint 'space'"),
    ],
    [
      'an unknown relationship further down',
      read('clients', { query: { select: [rel('projects', [rel('clientz')])] } }),
      noRelationship('projects', 'clientz', "Perhaps you meant 'clients' instead of 'clientz'."),
    ],
    [
      'several relationships',
      read('messages', { query: { select: [rel('users')] } }),
      {
        status: 300,
        code: 'PGRST201',
        message: "Could not embed because more than one relationship was found for 'messages' and 'users'",
        details: [
          {
            cardinality: 'many-to-one',
            embedding: 'messages with users',
            relationship: 'messages_sender_fkey using messages(sender) and users(id)',
          },
          {
            cardinality: 'many-to-one',
            embedding: 'messages with users',
            relationship: 'messages_recipient_fkey using messages(recipient) and users(id)',
          },
        ],
        hint: "Try changing 'users' to one of the following: 'users!messages_sender_fkey', 'users!messages_recipient_fkey'. Find the desired relationship in the 'details' key.",
      },
    ],
    [
      'a self reference by its table when it has two',
      read('organizations', { query: { select: [rel('organizations')] } }),
      {
        status: 300,
        code: 'PGRST201',
        message:
          "Could not embed because more than one relationship was found for 'organizations' and 'organizations'",
        details: [
          {
            cardinality: 'one-to-many',
            embedding: 'organizations with organizations',
            relationship: 'org_referee_fkey using organizations(id) and organizations(referee)',
          },
          {
            cardinality: 'one-to-many',
            embedding: 'organizations with organizations',
            relationship: 'org_auditor_fkey using organizations(id) and organizations(auditor)',
          },
        ],
        hint: "Try changing 'organizations' to one of the following: 'organizations!org_referee_fkey', 'organizations!org_auditor_fkey'. Find the desired relationship in the 'details' key.",
      },
    ],
    [
      'a filter on a relation that is not embedded',
      read('clients', { query: { select: [rel('projects')], filters: [filter('projects.tasks2.name')] } }),
      notEmbedded('tasks2'),
    ],
    [
      'an order by it, before an unknown relationship is told',
      read('clients', { query: { select: [rel('nope')], order: [{ path: ['other'], terms: [by('id')] }] } }),
      notEmbedded('other'),
    ],
    [
      'a limit of it',
      read('clients', { query: { ranges: new Map([['other', { offset: 0, limit: 1 }]]) } }),
      notEmbedded('other'),
    ],
    [
      'logic on it',
      read('clients', { query: { logic: [{ path: ['other'], tree: and(filter('id')) }] } }),
      notEmbedded('other'),
    ],
    [
      'order by a relation that is not embedded',
      read('projects', { query: { order: [{ path: [], terms: [by('clientsx(name)')] }] } }),
      notEmbedded('clientsx'),
    ],
    [
      'order by a relation of many rows',
      read('clients', {
        query: { select: [rel('pros:projects')], order: [{ path: [], terms: [by('pros(id)')] }] },
      }),
      {
        status: 400,
        code: 'PGRST118',
        message: "A related order on 'pros' is not possible",
        details: "'clients' and 'pros' do not form a many-to-one or one-to-one relationship",
      },
    ],
    [
      'order by a computed relation of many rows',
      read('clients', {
        query: {
          select: [rel('computed_projects')],
          order: [{ path: [], terms: [by('computed_projects(id)')] }],
        },
      }),
      {
        status: 400,
        code: 'PGRST118',
        message: "A related order on 'computed_projects' is not possible",
        details: "'clients' and 'computed_projects' do not form a many-to-one or one-to-one relationship",
      },
    ],
    [
      'aggregates in a spread to-many relation',
      read('clients', { query: { select: [spread('projects', [col('id', { aggregate: 'sum' })])] } }),
      {
        status: 400,
        code: 'PGRST127',
        message: 'Feature not implemented',
        details: 'Aggregates are not implemented for one-to-many or many-to-many spreads.',
      },
    ],
    [
      'aggregates that climbed into a spread to-many relation',
      read('clients', {
        query: {
          select: [spread('projects', [spread('clients', [col('id', { aggregate: 'sum' })])])],
        },
      }),
      {
        status: 400,
        code: 'PGRST127',
        message: 'Feature not implemented',
        details: 'Aggregates are not implemented for one-to-many or many-to-many spreads.',
      },
    ],
    [
      'a column that is written and unknown',
      write('create', 'clients', { rest: { columns: new Set(['id', 'helicopter']) } }),
      {
        status: 400,
        code: 'PGRST204',
        message: "Could not find the 'helicopter' column of 'clients' in the schema cache",
      },
    ],
    ['a PUT without filters', write('single-upsert', 'clients'), wrongFilters],
    [
      'a PUT with a filter beside the key',
      write('single-upsert', 'clients', { query: { filters: [filter('id'), filter('name')] } }),
      wrongFilters,
    ],
    [
      'a PUT with half of the key',
      write('single-upsert', 'users_tasks', { query: { filters: [filter('user_id')] } }),
      wrongFilters,
    ],
    [
      'a PUT with another operator',
      write('single-upsert', 'clients', { query: { filters: [filter('id', isNull)] } }),
      wrongFilters,
    ],
    [
      'a PUT with a negated filter',
      write('single-upsert', 'clients', { query: { filters: [filter('id', undefined, true)] } }),
      wrongFilters,
    ],
    [
      'a PUT with logic',
      write('single-upsert', 'clients', {
        query: { filters: [filter('id')], logic: [{ path: [], tree: and(filter('id')) }] },
      }),
      wrongFilters,
    ],
    [
      'a PUT to a table without a key',
      write('single-upsert', 'logs', { query: { filters: [filter('a'), filter('b')] } }),
      wrongFilters,
    ],
    [
      'strict handling of an unknown preference',
      read('clients', { preferences: { handling: 'strict', invalid: ['anything', 'else'] } }),
      {
        status: 400,
        code: 'PGRST122',
        message: 'Invalid preferences given with handling=strict',
        details: 'Invalid preferences: anything, else',
      },
    ],
    [
      'max-affected on a function of one value',
      call('POST', 'sayhello', ['name'], { preferences: { handling: 'strict', maxAffected: 20 } }),
      {
        status: 400,
        code: 'PGRST128',
        message:
          'Function must return SETOF or TABLE when max-affected preference is used with handling=strict',
      },
    ],
  ];
  for (const [title, request, told] of rows) {
    it(`${told.code}: ${title}`, () => {
      assertRefused(planSchema(), request, told);
    });
  }

  it('PGRST123: aggregates anywhere when they are off', () => {
    const schema = planSchema({ settings: { dbAggregatesEnabled: false } });
    const sum = col('id', { aggregate: 'sum' });
    const selects: SelectNode[][] = [
      [sum],
      [rel('projects', [sum])],
      [rel('projects', [spread('clients', [sum])])],
    ];
    for (const select of selects) {
      assertRefused(schema, read('clients', { query: { select } }), {
        status: 400,
        code: 'PGRST123',
        message: 'Use of aggregate functions is not allowed',
      });
    }
  });

  it('PGRST108: the name of a relation that has an alias, when legacy names are off', () => {
    const schema = planSchema({ settings: { urlUseLegacyTargetNames: false } });
    const query = { select: [rel('c:clients')], filters: [filter('clients.id')] };
    assertRefused(schema, read('projects', { query }), {
      status: 400,
      code: 'PGRST108',
      message: "'clients' is not an embedded resource in this request",
      details: 'Target names are not allowed in filters if they have an alias',
      hint: "Change 'clients' to 'c' in filters, orders or limits.",
    });
  });

  it('lenient handling ignores unknown preferences and max-affected of one value', () => {
    const preferences = { invalid: ['anything'], maxAffected: 1 };
    assert.equal(planAction(planSchema(), call('POST', 'sayhello', ['name'], { preferences })).kind, 'call');
  });

  it('PGRST127: embedding deeper or wider than PostgreSQL should plan', () => {
    let deep = rel('projects', []);
    for (let level = 0; level < 5000; level += 1)
      deep = rel(level % 2 === 0 ? 'clients' : 'projects', [deep]);
    const wide = Array.from({ length: 5000 }, (_, at) => rel(`r${at}:projects`));
    for (const [select, details] of [
      [[deep], 'Embedding is limited to 32 levels.'],
      [wide, 'Embedding is limited to 200 relations.'],
    ] as const) {
      assertRefused(planSchema(), read('clients', { query: { select } }), {
        status: 400,
        code: 'PGRST127',
        message: 'Feature not implemented',
        details,
      });
    }
  });
});
