import assert from 'node:assert/strict';
import { planAction } from '../../../extensions/maggate/dialects/rest/plan/plan-action.ts';
import type { QueryParams } from '../../../extensions/maggate/query/query-params.ts';
import { by, col, read, rel, spread } from './plan-request.ts';
import { planSchema } from './plan-schema.ts';
import { planText } from './plan-text.ts';

const sumOfId = col('id', { aggregate: 'sum', aggregateCast: 'text' });

describe('MagGate: spread relations and aggregates in a planned tree', () => {
  const rows: [title: string, table: string, query: Partial<QueryParams>, tree: readonly string[]][] = [
    [
      'a to-one relation lifts its columns, those of relations in it too',
      'tasks',
      {
        select: [
          col('id'),
          spread('projects', [
            col('name', { alias: 'project' }),
            spread('clients', [col('name')]),
            rel('users_none:clients'),
          ]),
        ],
      },
      [
        'test.tasks (id) shows ...tasks_projects_1(project, name, users_none)',
        '  test.projects projects_1 (name as project) on projects_1.id = test.tasks.project_id' +
          ' shows ...projects_clients_2(name), users_none: object projects_users_none_2',
        '    test.clients clients_2 (name) on clients_2.id = projects_1.client_id',
        '    test.clients clients_2 (*) on clients_2.id = projects_1.client_id',
      ],
    ],
    [
      'a to-many relation gives arrays, ordered by columns that are selected for it',
      'clients',
      {
        select: [spread('projects', [col('name'), rel('c:clients', [])])],
        order: [{ path: ['projects'], terms: [by('id'), by('c(name)')] }],
      },
      [
        'test.clients () shows ...clients_projects_1(name, c)',
        '  test.projects projects_1 (name) on projects_1.client_id = test.clients.id' +
          ' order id desc, projects_c_2.name desc' +
          ' extra (id as clients_projects_1_id_1, projects_c_2.name as clients_projects_1_name_2)' +
          ' order (clients_projects_1_id_1 desc, clients_projects_1_name_2 desc)' +
          ' shows c: hidden object projects_c_2',
        '    test.clients clients_2 () on clients_2.id = projects_1.client_id',
      ],
    ],
    [
      'a star in a to-many spread is expanded',
      'users',
      { select: [spread('tasks', [col('*')])] },
      [
        'test.users () shows ...users_tasks_1(id, name, project_id)',
        '  test.tasks (id, name, project_id) on test.users_tasks.task_id = test.tasks.id' +
          ' and test.users_tasks.user_id = test.users.id extra () order ()',
      ],
    ],
    [
      'aggregates of a to-one relation are made where it is shown, under their own name',
      'tasks',
      { select: [col('name'), spread('projects', [sumOfId, col('name', { alias: 'p' })])] },
      [
        'test.tasks (name) shows ...tasks_projects_1(sum(sum)::text as sum, p)',
        '  test.projects projects_1 (id as sum, name as p) on projects_1.id = test.tasks.project_id',
      ],
    ],
    [
      'aggregates climb through nested spreads, and count() counts the row of its relation',
      'tasks',
      { select: [spread('projects', [spread('clients', [col('*', { aggregate: 'count', alias: 'n' })])])] },
      [
        'test.tasks () shows ...tasks_projects_1(count(n) as n)',
        '  test.projects projects_1 () on projects_1.id = test.tasks.project_id' +
          ' shows ...projects_clients_2(n)',
        '    test.clients clients_2 (row(*) as n) on clients_2.id = projects_1.client_id',
      ],
    ],
    [
      'aggregates of a relation shown as JSON stay in it',
      'clients',
      { select: [rel('projects', [sumOfId, spread('clients', [col('id', { aggregate: 'max' })])])] },
      [
        'test.clients () shows projects: array clients_projects_1',
        '  test.projects projects_1 (sum(id)::text) on projects_1.client_id = test.clients.id' +
          ' shows ...projects_clients_2(max(max) as max)',
        '    test.clients clients_2 (id as max) on clients_2.id = projects_1.client_id',
      ],
    ],
  ];
  for (const [title, table, query, tree] of rows) {
    it(title, () => {
      assert.deepEqual(planText(planAction(planSchema(), read(table, { query })).read), tree);
    });
  }
});
