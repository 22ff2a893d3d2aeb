import assert from 'node:assert/strict';
import { planAction } from '../../../extensions/maggate/dialects/rest/plan/plan-action.ts';
import type { QueryParams } from '../../../extensions/maggate/query/query-params.ts';
import { and, by, col, filter, read, rel, write } from './plan-request.ts';
import { planSchema } from './plan-schema.ts';
import { planText } from './plan-text.ts';

function planned(table: string, query: Partial<QueryParams>, schema = planSchema()): readonly string[] {
  return planText(planAction(schema, read(table, { query })).read);
}

const fts = { kind: 'fts', operator: 'fts', language: undefined, value: 'a' } as const;
const isNull = { kind: 'is', value: 'null' } as const;
const isNotNull = { kind: 'is', value: 'not_null' } as const;

describe('MagGate: the tree that a request of the PostgREST dialect reads', () => {
  const rows: [title: string, table: string, query: Partial<QueryParams>, tree: readonly string[]][] = [
    ['all columns', 'projects', {}, ['test.projects (*)']],
    [
      'a column that is unknown goes to PostgreSQL: it may be computed',
      'projects',
      { select: [col('id'), col('computed')], filters: [filter('computed')] },
      ['test.projects (id, computed) where computed eq'],
    ],
    [
      'logic stands before filters',
      'projects',
      { filters: [filter('id'), filter('name')], logic: [{ path: [], tree: and(filter('a'), filter('b')) }] },
      ['test.projects (*) where (a eq and b eq) and id eq and name eq'],
    ],
    [
      'order and the first of two orders of a path',
      'projects',
      {
        order: [
          { path: [], terms: [by('id')] },
          { path: [], terms: [by('name')] },
        ],
      },
      ['test.projects (*) order id desc'],
    ],
    [
      'JSON paths: bare on JSON, turned to JSON on others, named by their last key',
      'projects',
      {
        select: [
          col('data', { path: 'a.b' }),
          col('tags', { path: '0' }),
          col('data', { path: 'a.0' }),
          col('data', { path: 'a', alias: 'own' }),
        ],
      },
      ['test.projects (data->a->b as b, tags~>0 as tags, data->a->0 as a, data->a as own)'],
    ],
    [
      'full text search makes a tsvector of what is none, and of no column that is unknown',
      'projects',
      { filters: [filter('name', fts), filter('words', fts), filter('computed', fts)] },
      ['test.projects (*) where tsvector(default name) fts and words fts and computed fts'],
    ],
    [
      'the language of a full text search',
      'projects',
      { filters: [filter('name', { ...fts, language: 'german' })] },
      ['test.projects (*) where tsvector(german name) fts'],
    ],
    [
      'many-to-one, by the table',
      'projects',
      { select: [col('id'), rel('clients', [col('name')])] },
      [
        'test.projects (id) shows clients: object projects_clients_1',
        '  test.clients clients_1 (name) on clients_1.id = test.projects.client_id',
      ],
    ],
    [
      'many-to-one, by the constraint, with an alias',
      'projects',
      { select: [rel('owner:client')] },
      [
        'test.projects () shows owner: object projects_owner_1',
        '  test.clients clients_1 (*) on clients_1.id = test.projects.client_id',
      ],
    ],
    [
      'many-to-one, by the column',
      'projects',
      { select: [rel('client_id')] },
      [
        'test.projects () shows client_id: object projects_client_id_1',
        '  test.clients clients_1 (*) on clients_1.id = test.projects.client_id',
      ],
    ],
    [
      'the constraint leads to tables, not to views that show its columns',
      'clients',
      { select: [rel('client')] },
      [
        'test.clients () shows client: array clients_client_1',
        '  test.projects projects_1 (*) on projects_1.client_id = test.clients.id',
      ],
    ],
    [
      'a view is embedded by its name',
      'clients',
      { select: [rel('projects_view')] },
      [
        'test.clients () shows projects_view: array clients_projects_view_1',
        '  test.projects_view projects_view_1 (*) on projects_view_1.client_id = test.clients.id',
      ],
    ],
    [
      'one-to-many below one-to-many, each with its conditions',
      'clients',
      {
        select: [col('*'), rel('projects', [col('id'), rel('tasks', [col('name')], 'inner')])],
        filters: [filter('id'), filter('projects.name'), filter('projects.tasks.id')],
        order: [{ path: ['projects', 'tasks'], terms: [by('name')] }],
        ranges: new Map([['projects\0tasks', { offset: 2, limit: 3 }]]),
        logic: [{ path: ['projects'], tree: and(filter('x')) }],
      },
      [
        'test.clients (*) where id eq shows projects: array clients_projects_1',
        '  test.projects projects_1 (id) on projects_1.client_id = test.clients.id' +
          ' where (x eq) and name eq shows tasks: array projects_tasks_2',
        '    test.tasks tasks_2 (name) inner on tasks_2.project_id = projects_1.id' +
          ' where id eq order name desc limit 3 offset 2',
      ],
    ],
    [
      'one-to-one from either side',
      'tasks',
      { select: [rel('todos', [rel('tasks')])] },
      [
        'test.tasks () shows todos: object tasks_todos_1',
        '  test.todos todos_1 () on todos_1.id = test.tasks.id shows tasks: object todos_tasks_2',
        '    test.tasks tasks_2 (*) on tasks_2.id = todos_1.id',
      ],
    ],
    [
      'many-to-many joins the junction and has no alias',
      'users',
      { select: [rel('tasks', [rel('projects', [])])] },
      [
        'test.users () shows tasks: hidden array users_tasks_1',
        '  test.tasks () on test.users_tasks.task_id = test.tasks.id and test.users_tasks.user_id = test.users.id' +
          ' shows projects: hidden object tasks_projects_2',
        '    test.projects projects_2 () on projects_2.id = test.tasks.project_id',
      ],
    ],
    [
      'a self reference: the table leads to the many by the hint, the column to the one',
      'organizations',
      { select: [rel('audited:organizations!auditor', [col('id')]), rel('referee', [col('id')])] },
      [
        'test.organizations () shows audited: array organizations_audited_1, referee: object organizations_referee_1',
        '  test.organizations organizations_1 (id) on organizations_1.auditor = test.organizations.id',
        '  test.organizations organizations_1 (id) on organizations_1.id = test.organizations.referee',
      ],
    ],
    [
      'a hint: constraint, column here, column there of another key',
      'messages',
      {
        select: [rel('a:users!messages_sender_fkey', [col('id')]), rel('b:users!recipient', [col('id')])],
      },
      [
        'test.messages () shows a: object messages_a_1, b: object messages_b_1',
        '  test.users users_1 (id) on users_1.id = test.messages.sender',
        '  test.users users_1 (id) on users_1.id = test.messages.recipient',
      ],
    ],
    [
      'computed relationships, with the parent as argument',
      'clients',
      { select: [rel('computed_projects', [rel('computed_client', [col('id')])])] },
      [
        'test.clients () shows computed_projects: array clients_computed_projects_1',
        '  test.projects projects_1 () shows computed_client: object projects_computed_client_2',
        '    test.clients clients_2 (id)',
      ],
    ],
    [
      'an embed without columns is joined and not shown; whether it has rows can be asked',
      'clients',
      {
        select: [col('id'), rel('projects', [])],
        filters: [filter('projects', isNull, true), filter('name', isNull)],
        logic: [{ path: [], tree: and(filter('projects', isNull), filter('id')) }],
      },
      [
        'test.clients (id) where (no rows of clients_projects_1 and id eq)' +
          ' and not no rows of clients_projects_1 and name is shows projects: hidden array clients_projects_1',
        '  test.projects projects_1 () on projects_1.client_id = test.clients.id',
      ],
    ],
    [
      'any other filter by the name of an embed is one on a column',
      'clients',
      { select: [rel('projects')], filters: [filter('projects', isNotNull), filter('projects')] },
      [
        'test.clients () where projects is and projects eq shows projects: array clients_projects_1',
        '  test.projects projects_1 (*) on projects_1.client_id = test.clients.id',
      ],
    ],
    [
      'order by a to-one relation, under its alias',
      'projects',
      { select: [rel('c:clients')], order: [{ path: [], terms: [by('c(name)'), by('id')] }] },
      [
        'test.projects () order projects_c_1.name desc, id desc shows c: object projects_c_1',
        '  test.clients clients_1 (*) on clients_1.id = test.projects.client_id',
      ],
    ],
    [
      'a star is expanded beside aggregates, also below them',
      'clients',
      {
        select: [
          col('*'),
          col('id', { aggregate: 'count', aggregateCast: 'text' }),
          rel('users_tasks_none:projects'),
        ],
      },
      [
        'test.clients (id, name, count(id)::text) shows users_tasks_none: array clients_users_tasks_none_1',
        '  test.projects projects_1 (id, name, client_id, data, tags, words) on projects_1.client_id = test.clients.id',
      ],
    ],
    [
      'count() counts rows, and is not expanded',
      'clients',
      { select: [col('*', { aggregate: 'count' })] },
      ['test.clients (count(*))'],
    ],
    [
      'data representations: shown, expanded from the star, and read from filters',
      'todos',
      { select: [col('*')], filters: [filter('color')] },
      ['test.todos (id, test.color_to_json(color) as color, due) where test.color_from_text(color) eq'],
    ],
    [
      'a filter moves its embed to the front, as columns stand in PostgREST',
      'tasks',
      { select: [rel('projects', [col('id')]), rel('users', [col('id')])], filters: [filter('users.id')] },
      [
        'test.tasks () shows users: array tasks_users_1, projects: object tasks_projects_1',
        '  test.users (id) on test.users_tasks.user_id = test.users.id and test.users_tasks.task_id = test.tasks.id where id eq',
        '  test.projects projects_1 (id) on projects_1.id = test.tasks.project_id',
      ],
    ],
    [
      'a relation with an alias is also found by its name, and that is told',
      'projects',
      { select: [rel('c:clients', [col('id')])], filters: [filter('clients.id')] },
      [
        'test.projects () shows c: object projects_c_1',
        '  test.clients clients_1 (id) legacy on clients_1.id = test.projects.client_id where id eq',
      ],
    ],
  ];
  for (const [title, table, query, tree] of rows) {
    it(title, () => assert.deepEqual(planned(table, query), tree));
  }

  it('keeps every relation to dbMaxRows, and smaller limits as they are', () => {
    const schema = planSchema({ settings: { dbMaxRows: 10 } });
    const select = [rel('projects', [col('id'), rel('tasks')])];
    const ranges = new Map([
      ['projects', { offset: 3, limit: 5 }],
      ['projects\0tasks', { offset: 0, limit: 50 }],
    ]);
    assert.deepEqual(
      planned('clients', { select, ranges }, schema).map((line) => /limit \d+/.exec(line)?.[0]),
      ['limit 10', 'limit 5', 'limit 10'],
    );
  });

  it('takes the limit at the top from the range that was asked, limit 0 included', () => {
    const request = read('clients', { rest: { topRange: { offset: 0, limit: 0 } } });
    const schema = planSchema({ settings: { dbMaxRows: 10 } });
    assert.deepEqual(planAction(schema, request).read.range, { offset: 0, limit: 0 });
  });

  it('reads what was written under the name of the table, without the conditions and limits of the write', () => {
    const request = write('update', 'projects', {
      query: {
        select: [col('id'), rel('clients', [col('name')])],
        filters: [filter('id'), filter('clients.name')],
        logic: [{ path: [], tree: and(filter('name')) }],
        order: [{ path: [], terms: [by('id')] }],
        ranges: new Map([['clients', { offset: 0, limit: 1 }]]),
      },
      rest: { topRange: { offset: 0, limit: 1 } },
    });
    assert.deepEqual(planText(planAction(planSchema({ settings: { dbMaxRows: 1 } }), request).read), [
      'pgrst_source projects (id) order id desc shows clients: object projects_clients_1',
      '  test.clients clients_1 (name) on clients_1.id = projects.client_id where name eq',
    ]);
  });
});
