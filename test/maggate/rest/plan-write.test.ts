import assert from 'node:assert/strict';
import { planAction } from '../../../extensions/maggate/dialects/rest/plan/plan-action.ts';
import type { Payload, RestRequest } from '../../../extensions/maggate/dialects/rest/rest-request.ts';
import type { MutatePlan } from '../../../extensions/maggate/plan/mutate-plan.ts';
import type { QueryParams, SelectNode } from '../../../extensions/maggate/query/query-params.ts';
import { and, col, filter, rel, write } from './plan-request.ts';
import { planSchema } from './plan-schema.ts';

function planned(request: RestRequest): MutatePlan {
  const plan = planAction(planSchema(), request);
  assert.ok(plan.kind === 'mutate');
  return plan.mutate;
}

function json(text: string, many: boolean, keys: readonly string[] = []): Payload {
  return { kind: 'json', text, many, keys: new Set(keys), empty: false };
}

const two = new Set(['name', 'id']);

describe('MagGate: planned writes of the PostgREST dialect', () => {
  it('inserts the body as it came, its columns sorted and typed, with defaults when they are wanted', () => {
    const rest = { payload: json('[{}]', true), columns: two };
    const plan = planned(write('create', 'clients', { rest, preferences: { missing: 'default' } }));
    assert.ok(plan.kind === 'insert');
    assert.deepEqual(plan.into, { schema: 'test', name: 'clients' });
    assert.deepEqual(
      plan.columns.map((column) => [column.name, column.type, column.default]),
      [
        ['id', 'integer', "nextval('ids')"],
        ['name', 'text', undefined],
      ],
    );
    assert.deepEqual([plan.body, plan.many, plan.applyDefaults], ['[{}]', true, true]);
    assert.deepEqual(
      [plan.onConflict, plan.where, plan.returning, plan.primaryKey],
      [undefined, [], [], ['id']],
    );
  });

  const conflicts: [title: string, query: Partial<QueryParams>, columns: readonly string[]][] = [
    ['the primary key', {}, ['user_id', 'task_id']],
    ['on_conflict', { onConflict: ['task_id'] }, ['task_id']],
  ];
  for (const [title, query, columns] of conflicts) {
    it(`resolves duplicates by ${title}`, () => {
      const preferences = { resolution: 'ignore-duplicates' } as const;
      const plan = planned(write('create', 'users_tasks', { query, preferences }));
      assert.deepEqual(plan.kind === 'insert' && plan.onConflict, {
        resolution: 'ignore-duplicates',
        columns,
      });
    });
  }

  it('writes through a data representation', () => {
    const plan = planned(write('create', 'todos', { rest: { columns: new Set(['color']) } }));
    assert.ok(plan.kind === 'insert');
    const [column] = plan.columns;
    assert.deepEqual([column?.type, column?.transform], ['json', 'test.color_from_json']);
  });

  const bodies: [title: string, payload: Payload | undefined, body: string | null, many: boolean][] = [
    ['no body', undefined, null, true],
    ['an object', json('{"id":1}', false), '{"id":1}', false],
    ['an object whose keys columns= names', { kind: 'raw-json', text: ' \n{"a":1}' }, ' \n{"a":1}', false],
    ['an array whose keys columns= names', { kind: 'raw-json', text: '[]' }, '[]', true],
    [
      'a form',
      {
        kind: 'form',
        pairs: [
          ['a', '"'],
          ['a', '2'],
        ],
        keys: new Set(['a']),
      },
      '{"a":"2"}',
      false,
    ],
  ];
  for (const [title, payload, body, many] of bodies) {
    it(`takes ${title}`, () => {
      const plan = planned(write('update', 'clients', { rest: { payload } }));
      assert.ok(plan.kind === 'update');
      assert.deepEqual([plan.body, plan.many], [body, many]);
    });
  }

  for (const mutation of ['update', 'delete'] as const) {
    it(`${mutation}s by the conditions at the top only, filters first`, () => {
      const query = {
        select: [rel('projects', [])],
        filters: [filter('id'), filter('projects.id')],
        logic: [
          { path: [], tree: and(filter('name')) },
          { path: ['projects'], tree: and(filter('name')) },
        ],
      };
      const plan = planned(write(mutation, 'clients', { query }));
      const said = plan.where.map((logic) => (logic.kind === 'filter' ? logic.field.name : logic.kind));
      assert.deepEqual(said, ['id', 'logic']);
    });
  }

  it('a PUT inserts where the rows have the key of the address, and merges', () => {
    const filters = [filter('user_id'), filter('task_id')];
    const rest = { columns: new Set(['user_id', 'task_id']) };
    const plan = planned(write('single-upsert', 'users_tasks', { query: { filters }, rest }));
    assert.ok(plan.kind === 'insert');
    assert.equal(plan.where.length, 2);
    assert.deepEqual(plan.onConflict, {
      resolution: 'merge-duplicates',
      columns: ['user_id', 'task_id'],
    });
    assert.deepEqual([plan.primaryKey, plan.applyDefaults], [[], false]);
  });

  const returned: [
    title: string,
    table: string,
    select: readonly SelectNode[],
    returning: readonly string[],
  ][] = [
    ['all columns for a star', 'projects', [col('*'), rel('clients')], ['*']],
    ['what is selected and the key', 'projects', [col('name')], ['id', 'name']],
    ['the column of a foreign key', 'projects', [col('name'), rel('clients')], ['client_id', 'id', 'name']],
    ['the column that is referenced', 'users', [col('name'), rel('tasks')], ['id', 'name']],
    ['all for a computed relationship', 'projects', [col('name'), rel('computed_client')], ['*']],
    [
      'the column behind a path and an alias, once',
      'projects',
      [col('data', { path: 'a' }), col('data', { alias: 'd' })],
      ['data', 'id'],
    ],
  ];
  for (const [title, table, select, returning] of returned) {
    it(`returns ${title}`, () => {
      for (const wanted of ['representation', 'headers-only'] as const) {
        const plan = planned(write('delete', table, { query: { select }, preferences: { return: wanted } }));
        assert.deepEqual(plan.returning, returning);
      }
      const minimal = planned(
        write('delete', table, { query: { select }, preferences: { return: 'minimal' } }),
      );
      assert.deepEqual(minimal.returning, []);
    });
  }
});
