import assert from 'node:assert/strict';
import type { ActionPlan } from '../../../extensions/maggate/dialects/rest/action-plan.ts';
import type { ArgumentValue, CallPlan } from '../../../extensions/maggate/plan/call-plan.ts';
import type { ReadNode } from '../../../extensions/maggate/plan/read-plan.ts';
import type { Routine, RoutineParameter } from '../../../extensions/maggate/schema-cache/data-schema.ts';
import { type Bed, embedded, field, filter, node, openBed, select, shown } from './build-sql-bed.ts';

const ddl = `
  create schema api;
  create table api.clients (id int primary key, name text);
  create table api.items (id int primary key, client_id int references api.clients);
  insert into api.clients values (1, 'Ada'), (2, 'Bob');
  insert into api.items values (1, 1), (2, 1), (3, 2);
  create function api.add(a int, b int default 10) returns int immutable language sql as $$ select a + b $$;
  create function api.numbers(upto int) returns setof int immutable language sql as $$ select generate_series(1, upto) $$;
  create function api.all_items() returns setof api.items stable language sql as $$ select * from api.items $$;
  create function api.one_item(of int) returns api.items stable language sql as $$ select * from api.items where id = of $$;
  create function api.joined(variadic v text[]) returns text immutable language sql as $$ select array_to_string(v, '+') $$;
  create function api.sum_of(variadic v int[]) returns bigint immutable language sql as $$ select sum(x) from unnest(v) x $$;
  create function api.echo(json) returns json immutable language sql as $$ select $1 $$;
  create function api.size_of(bytea) returns int immutable language sql as $$ select length($1) $$;
  create function api.nothing() returns void language sql as $$ $$;
  create function api.add_client(id int, name text) returns setof api.clients language sql
    as $$ insert into api.clients values (id, name), (id + 1, name) returning * $$;
  create function api.odd("a b" text, """;--" text) returns table (x text, y text) immutable language sql
    as $$ select $1, $2 $$;`;

const parameter = (name: string, type: string, variadic = false): RoutineParameter => ({
  name,
  type,
  typeMaxLength: type,
  required: true,
  variadic,
});

const returning = {
  scalar: { setOf: false, kind: 'scalar' },
  scalars: { setOf: true, kind: 'scalar' },
  row: { setOf: false, kind: 'composite' },
  rows: { setOf: true, kind: 'composite' },
} as const;

interface Call {
  readonly returns?: keyof typeof returning;
  readonly parameters?: readonly RoutineParameter[];
  readonly unnamed?: RoutineParameter;
  readonly values?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly read?: Partial<ReadNode>;
  readonly plan?: Partial<CallPlan>;
  readonly action?: Partial<Extract<ActionPlan, { kind: 'call' }>>;
}

function call(name: string, options: Call = {}): ActionPlan {
  const { returns = 'scalar', parameters = [], unnamed, values = {}, body } = options;
  const routine: Routine = {
    schema: 'api',
    name,
    comment: null,
    parameters: unnamed === undefined ? parameters : [unnamed],
    returns: { ...returning[returns], type: { schema: 'pg_catalog', name: 'x' }, isAlias: false },
    volatility: 'stable',
    hasVariadic: parameters.some(({ variadic }) => variadic),
    isolation: null,
    settings: [],
  };
  const argument = (value: string | readonly string[]): ArgumentValue =>
    typeof value === 'string' ? { kind: 'fixed', value } : { kind: 'variadic', values: value };
  const direct = new Map(Object.entries(values).map(([key, value]) => [key, argument(value)]));
  return {
    kind: 'call',
    read: node(name, { from: { schema: '', name: 'pgrst_source' }, fromAlias: name, ...options.read }),
    call: {
      routine,
      parameters:
        unnamed === undefined ? { kind: 'named', parameters } : { kind: 'unnamed', parameter: unnamed },
      args: body === undefined ? { kind: 'direct', values: direct } : { kind: 'body', text: body },
      filterFields: [],
      returning: ['*'],
      ...options.plan,
    },
    handler: { kind: 'json' },
    media: { kind: 'json' },
    readOnly: false,
    ...options.action,
  };
}

const [a, b] = [parameter('a', 'integer'), parameter('b', 'integer')];
const byId = [{ relation: undefined, field: field('id'), direction: 'desc', nulls: undefined }] as const;

describe('MagGate: SQL of PostgREST calls', () => {
  let bed: Bed;
  before(async function () {
    this.timeout(60_000);
    bed = await openBed(ddl);
  });
  after(() => bed.close());

  const results: readonly (readonly [name: string, plan: ActionPlan, body: unknown, rows: string])[] = [
    ['a scalar, arguments by name', call('add', { parameters: [a, b], values: { b: '2', a: '1' } }), 3, '1'],
    ['a scalar, a default left out', call('add', { parameters: [a], values: { a: '1' } }), 11, '1'],
    ['a scalar, arguments of a body', call('add', { parameters: [a, b], body: ' {"a":1,"b":5}' }), 6, '1'],
    [
      'the first object of a list',
      call('add', { parameters: [a, b], body: '[{"a":1,"b":5},{"a":2,"b":2}]' }),
      6,
      '1',
    ],
    [
      'a set of scalars',
      call('numbers', {
        returns: 'scalars',
        parameters: [parameter('upto', 'integer')],
        values: { upto: '3' },
      }),
      [1, 2, 3],
      '3',
    ],
    [
      'one row',
      call('one_item', { returns: 'row', parameters: [parameter('of', 'integer')], values: { of: '3' } }),
      { id: 3, client_id: 2 },
      '1',
    ],
    [
      'variadic texts',
      call('joined', { parameters: [parameter('v', 'text[]', true)], values: { v: ['a', 'b,"{}', 'NULL'] } }),
      'a+b,"{}+NULL',
      '1',
    ],
    [
      'variadic numbers',
      call('sum_of', { parameters: [parameter('v', 'integer[]', true)], values: { v: ['1', '2'] } }),
      3,
      '1',
    ],
    [
      'a variadic list of a body',
      call('sum_of', { parameters: [parameter('v', 'integer[]', true)], body: '{"v":[4,5]}' }),
      9,
      '1',
    ],
    [
      'an unnamed document',
      call('echo', { unnamed: parameter('', 'json'), body: '[1,{"a":2}]' }),
      [1, { a: 2 }],
      '1',
    ],
    [
      'an unnamed document made of a form',
      call('echo', { unnamed: parameter('', 'json'), values: { a: '1' } }),
      { a: '1' },
      '1',
    ],
    ['unnamed bytes', call('size_of', { unnamed: parameter('', 'bytea'), body: '\\x00ff10' }), 3, '1'],
    [
      'names that have to be quoted',
      call('odd', {
        returns: 'rows',
        parameters: [parameter('a b', 'text'), parameter('";--', 'text')],
        values: { 'a b': "'); select 1; --", '";--': '"' },
      }),
      [{ x: "'); select 1; --", y: '"' }],
      '1',
    ],
  ];
  for (const [name, plan, body, rows] of results) {
    it(`returns ${name}`, async () => {
      const row = await bed.run(plan);
      assert.deepEqual(JSON.parse(row['body']!), body);
      assert.equal(row['page_total'], rows);
    });
  }

  it('void has one row', async () => {
    assert.equal((await bed.run(call('nothing')))['page_total'], '1');
  });

  it('the text of a call by name is one shape for all values', () => {
    const text = (values: Record<string, string>) =>
      bed.build(call('add', { parameters: [a, b], values })).text;
    assert.match(
      text({ a: '1', b: '2' }),
      /^WITH pgrst_source AS \(SELECT pgrst_call\.pgrst_scalar FROM \(SELECT "api"\."add"\("a" := \$1::integer, "b" := \$2::integer\) pgrst_scalar\) pgrst_call\)/,
    );
    assert.equal(text({ a: '1', b: '2' }), text({ b: 'x', a: "'" }));
  });

  it('rows can be filtered, ordered, limited, counted and embedded', async () => {
    const client = embedded('items', 'clients', [['client_id', 'id']], {
      toOne: true,
      parentAlias: 'all_items',
      select: [select('name')],
    });
    const range = { offset: 0, limit: 1 };
    const plan = call('all_items', {
      returns: 'rows',
      plan: { returning: ['id'], filterFields: ['client_id'] },
      read: {
        select: [select('id')],
        where: [filter('client_id', { kind: 'in', values: ['1'] })],
        order: byId,
        range,
        children: [client],
        relationSelect: [shown(client, 'object')],
      },
    });
    const row = await bed.run(plan, { preferCount: 'exact', range });
    assert.deepEqual(JSON.parse(row['body']!), [{ id: 2, clients: { name: 'Ada' } }]);
    assert.deepEqual([row['total_result_set'], row['page_total']], ['2', '1']);
    assert.match(
      bed.build(plan).text,
      /^WITH pgrst_source AS \(SELECT "pgrst_call"\."client_id", "pgrst_call"\."id" FROM/,
    );
    assert.equal(bed.build(plan, { preferCount: 'planned' }).explain, undefined);
  });

  it('a call whose rows are not one, or too many, raises and leaves nothing', async () => {
    const options: Call = {
      returns: 'rows',
      parameters: [parameter('id', 'integer'), parameter('name', 'text')],
      values: { id: '50', name: 'x' },
    };
    const action = { media: { kind: 'singular', nullsStripped: false } } as const;
    await assert.rejects(bed.run(call('add_client', { ...options, action })), {
      code: 'MFG01',
      message: '2',
    });
    await assert.rejects(bed.run(call('add_client', options), { maxAffected: 1 }), {
      code: 'MFG02',
      message: '2',
    });
    assert.deepEqual(await bed.rows('select 1 from api.clients where id >= 50'), []);
    assert.equal((await bed.run(call('add_client', options), { maxAffected: 2 }))['page_total'], '2');
  });

  it('one object of a scalar, and of a set that has one row', async () => {
    const action = {
      handler: { kind: 'single-json', nullsStripped: false },
      media: { kind: 'singular', nullsStripped: false },
    } as const;
    assert.equal(await bed.body(call('add', { parameters: [a], values: { a: '1' }, action })), 11);
    const where = [filter('id', { kind: 'in', values: ['3'] })];
    const one = call('all_items', { returns: 'rows', read: { where }, action });
    assert.deepEqual(await bed.body(one), { id: 3, client_id: 2 });
  });

  it('a function that returns a media type is cast to it', async () => {
    await bed.rows('create domain api."text/x" as text');
    await bed.rows(
      'create function api.page() returns api."text/x" immutable language sql as $$ select $a$<p>$a$ $$',
    );
    const handler = {
      kind: 'custom',
      handler: {
        function: { schema: 'api', name: 'text/x' },
        relation: { schema: 'api', name: 'page' },
        mediaType: 'text/x',
      },
    } as const;
    const row = await bed.run(call('page', { action: { handler } }));
    assert.deepEqual([row['body'], row['body_type']], ['<p>', 'text']);
  });
});
