import assert from 'node:assert/strict';
import type { ReadNode } from '../../../extensions/maggate/plan/read-plan.ts';
import {
  type Bed,
  embedded,
  eq,
  field,
  filter,
  foreignKey,
  node,
  openBed,
  readPlan,
  select,
  shown,
} from './build-sql-bed.ts';

const ddl = `
  create schema api;
  create table api.clients (id int primary key, name text);
  create table api.projects (id int primary key, name text, client_id int references api.clients, cost int);
  create table api.tags (id int primary key, word text);
  create table api.projects_tags (project_id int references api.projects, tag_id int references api.tags);
  create table api.docs (id int primary key, data jsonb, words text, tags text[], span int4range, flag boolean);
  create domain api.color as int;
  create function api.color_text(api.color) returns text immutable language sql as $$ select '#' || to_hex($1::int) $$;
  create function api.color_of(text) returns api.color immutable language sql
    as $$ select ('x' || lpad(substr($1, 2), 8, '0'))::bit(32)::int $$;
  create table api.paints (id int primary key, tone api.color);
  insert into api.clients values (1, 'Ada'), (2, 'Bob'), (3, null);
  insert into api.projects values (1, 'one', 1, 10), (2, 'two', 1, 20), (3, 'three', 2, 5), (4, 'four', null, 1);
  insert into api.tags values (1, 'red'), (2, 'blue');
  insert into api.projects_tags values (1, 1), (1, 2), (3, 2);
  insert into api.docs values
    (1, '{"a":{"b":[10,20]},"k":"x"}', 'The quick brown fox', '{p,q}', '[1,5)', true),
    (2, '{"k":"y"}', 'lazy dogs', '{q}', '[5,9)', null);
  insert into api.paints values (1, 255), (2, 16);
  create function api.top_projects(api.clients) returns setof api.projects stable language sql
    as $$ select * from api.projects p where p.client_id = $1.id and p.cost > 5 $$;`;

const projectClient: readonly (readonly [string, string])[] = [['client_id', 'id']];
const clientProjects: readonly (readonly [string, string])[] = [['id', 'client_id']];
const byId = [{ relation: undefined, field: field('id'), direction: 'asc', nulls: undefined }] as const;

describe('MagGate: SQL of PostgREST reads', () => {
  let bed: Bed;
  before(async function () {
    this.timeout(60_000);
    bed = await openBed(ddl);
  });
  after(() => bed.close());

  const ids = async (read: ReadNode) =>
    (await bed.body(readPlan({ ...read, select: [select('id')], order: byId }))).map(
      ({ id }: { id: number }) => id,
    );

  it('one table: the text of the statement and its row', async () => {
    const plan = readPlan(
      node('clients', { select: [select('id'), select('name', { alias: 'who' })], where: [eq('id', '1')] }),
    );
    assert.equal(
      bed.build(plan).text,
      'WITH pgrst_source AS (SELECT "api"."clients"."id", "api"."clients"."name" AS "who" FROM "api"."clients"' +
        ' WHERE "api"."clients"."id" = $1) SELECT null::bigint AS total_result_set,' +
        ' pg_catalog.count(_postgrest_t) AS page_total, null::text AS header,' +
        " coalesce(pg_catalog.json_agg(_postgrest_t), '[]') AS body," +
        " nullif(pg_catalog.current_setting('response.headers', true), '') AS response_headers," +
        " nullif(pg_catalog.current_setting('response.status', true), '') AS response_status," +
        " '' AS response_inserted FROM (SELECT * FROM pgrst_source) _postgrest_t",
    );
    assert.deepEqual(await bed.run(plan), {
      header: null,
      body: '[{"id":1,"who":"Ada"}]',
      response_headers: null,
      response_status: null,
      response_inserted: '',
      total_result_set: null,
      page_total: '1',
    });
    assert.deepEqual(bed.build(plan).columns, Object.keys(await bed.run(plan)));
  });

  it('other values of one shape give the same text, whatever their number', () => {
    const text = (values: readonly string[], limit: number) =>
      bed.build(
        readPlan(
          node('docs', { where: [filter('id', { kind: 'in', values })], range: { offset: 3, limit } }),
        ),
      ).text;
    assert.equal(text(['1'], 17), text(['7', '8', '9'], 5_003));
    assert.equal(text([''], 1), text(['7'], 1));
  });

  it('only limits that are often used stand in the text, so that PostgreSQL keeps their plan', () => {
    const text = (limit: number) => bed.build(readPlan(node('docs', { range: { offset: 0, limit } }))).text;
    for (const limit of [1, 10, 20, 24, 25, 48, 100, 250, 1_000])
      assert.match(text(limit), new RegExp(` LIMIT ${limit}\\)`));
    for (const limit of [11, 17, 101, 1_001, 1_050, 1e21]) assert.match(text(limit), / LIMIT \$1\)/);
    const texts = new Set(Array.from({ length: 100_000 }, (_, limit) => text(limit + 1)));
    assert.ok(texts.size < 60, String(texts.size));
  });

  const k = { jsonPath: [{ text: true, kind: 'key', value: 'k' }], toJson: false } as const;
  const conditions: readonly (readonly [name: string, ReadNode['where'][number], readonly number[]])[] = [
    ['eq', eq('id', '2'), [2]],
    ['not.eq', filter('id', { kind: 'quant', operator: 'eq', quantifier: undefined, value: '2' }, true), [1]],
    ['neq', filter('id', { kind: 'simple', operator: 'neq', value: '2' }), [1]],
    ['gte(any)', filter('id', { kind: 'quant', operator: 'gte', quantifier: 'any', value: '{2,9}' }), [2]],
    [
      'like(all)',
      filter('words', { kind: 'quant', operator: 'like', quantifier: 'all', value: '{*quick*,The*}' }),
      [1],
    ],
    [
      'ilike',
      filter('words', { kind: 'quant', operator: 'ilike', quantifier: undefined, value: 'LAZY*' }),
      [2],
    ],
    [
      'imatch',
      filter('words', { kind: 'quant', operator: 'imatch', quantifier: undefined, value: '^the' }),
      [1],
    ],
    ['in', filter('words', { kind: 'in', values: ['lazy dogs', 'a"b\\,{}', 'x\0y'] }), [2]],
    ['in.()', filter('id', { kind: 'in', values: [''] }), []],
    ['is.true', filter('flag', { kind: 'is', value: 'true' }), [1]],
    ['is.unknown', filter('flag', { kind: 'is', value: 'unknown' }), [2]],
    ['is.not_null', filter('flag', { kind: 'is', value: 'not_null' }), [1]],
    ['isdistinct', filter('flag', { kind: 'isdistinct', value: 'true' }), [2]],
    ['cs', filter('tags', { kind: 'simple', operator: 'cs', value: '{p}' }), [1]],
    ['ov', filter('span', { kind: 'simple', operator: 'ov', value: '[4,6)' }), [1, 2]],
    ['sl', filter('span', { kind: 'simple', operator: 'sl', value: '[5,6)' }), [1]],
    [
      'a json path',
      filter(field('data', k), { kind: 'quant', operator: 'eq', quantifier: undefined, value: 'y' }),
      [2],
    ],
    [
      'fts with a language',
      filter(field('words', { toTsVector: 'english' }), {
        kind: 'fts',
        operator: 'plfts',
        language: 'english',
        value: 'foxes',
      }),
      [1],
    ],
    [
      'fts without a language',
      filter(field('words', { toTsVector: null }), {
        kind: 'fts',
        operator: 'wfts',
        language: undefined,
        value: '"lazy dogs"',
      }),
      [2],
    ],
    [
      'not.or of a tree',
      {
        kind: 'logic',
        negated: true,
        operator: 'or',
        children: [
          eq('id', '7'),
          { kind: 'logic', negated: false, operator: 'and', children: [eq('id', '1'), eq('flag', 'true')] },
        ],
      },
      [2],
    ],
  ];
  for (const [name, condition, expected] of conditions) {
    it(`condition: ${name}`, async () => {
      assert.deepEqual(await ids(node('docs', { where: [condition] })), expected);
    });
  }

  it('paths into JSON, casts and orders with nulls', async () => {
    const path = [
      { text: false, kind: 'key', value: 'a' },
      { text: false, kind: 'key', value: 'b' },
      { text: true, kind: 'index', value: '-1' },
    ] as const;
    const b = field('data', { jsonPath: path });
    assert.deepEqual(
      await bed.body(
        readPlan(
          node('docs', {
            select: [
              select(b, { alias: 'b' }),
              select('id', { cast: 'text' }),
              select(field('tags', { jsonPath: path.slice(2), toJson: true }), { alias: 'last' }),
            ],
            order: [{ relation: undefined, field: b, direction: 'desc', nulls: 'first' }],
          }),
        ),
      ),
      [
        { b: null, id: '2', last: 'q' },
        { b: '20', id: '1', last: 'q' },
      ],
    );
  });

  it('data representations are used to show and to filter', async () => {
    const show = field('tone', { transform: '"api"."color_text"' });
    const read = field('tone', { transform: '"api"."color_of"' });
    const shownTone = { select: [select(show, { alias: 'tone' })] };
    assert.deepEqual(
      await bed.body(
        readPlan(
          node('paints', { ...shownTone, where: [filter(read, { kind: 'in', values: ['#ff', '#1'] })] }),
        ),
      ),
      [{ tone: '#ff' }],
    );
    const equal = { kind: 'quant', operator: 'eq', quantifier: undefined, value: '#10' } as const;
    assert.deepEqual(
      await bed.body(readPlan(node('paints', { ...shownTone, where: [filter(read, equal)] }))),
      [{ tone: '#10' }],
    );
  });

  it('to-one and to-many relations, the second nested in the first', async () => {
    const siblings = embedded('clients', 'projects', clientProjects, {
      depth: 2,
      parentAlias: 'clients_1',
      select: [select('id')],
      order: byId,
      range: { offset: 0, limit: 1 },
    });
    const client = embedded('projects', 'clients', projectClient, {
      toOne: true,
      alias: 'customer',
      select: [select('name')],
      children: [siblings],
      relationSelect: [shown(siblings, 'array')],
    });
    const read = node('projects', {
      select: [select('id')],
      order: byId,
      children: [client],
      relationSelect: [shown(client, 'object')],
    });
    assert.deepEqual(await bed.body(readPlan(read)), [
      { id: 1, customer: { name: 'Ada', projects: [{ id: 1 }] } },
      { id: 2, customer: { name: 'Ada', projects: [{ id: 1 }] } },
      { id: 3, customer: { name: 'Bob', projects: [{ id: 3 }] } },
      { id: 4, customer: null },
    ]);
    const { text } = bed.build(readPlan(read));
    assert.match(text, /LEFT JOIN LATERAL \( SELECT .* FROM "api"\."clients" AS "clients_1"/);
    assert.match(text, /\) AS "projects_customer_1" ON TRUE/);
    assert.match(text, /AS "clients_projects_2" ON TRUE/);
  });

  it('inner joins drop rows of the parent, and the count agrees', async () => {
    const projects = embedded('clients', 'projects', clientProjects, {
      join: 'inner',
      select: [select('id')],
      where: [filter('cost', { kind: 'quant', operator: 'gte', quantifier: undefined, value: '10' })],
      order: byId,
    });
    const read = node('clients', {
      select: [select('name')],
      children: [projects],
      relationSelect: [shown(projects, 'array')],
      range: { offset: 0, limit: 10 },
    });
    const row = await bed.run(readPlan(read), { preferCount: 'exact', range: read.range });
    assert.deepEqual(JSON.parse(row['body']!), [{ name: 'Ada', projects: [{ id: 1 }, { id: 2 }] }]);
    assert.deepEqual([row['total_result_set'], row['page_total']], ['1', '1']);
    assert.match(
      bed.build(readPlan(read), { preferCount: 'exact', range: read.range }).text,
      /WHERE EXISTS \(SELECT 1/,
    );
  });

  it('null tests on a relation that is joined but not shown', async () => {
    for (const [negated, expected] of [
      [false, ['4']],
      [true, ['1', '2', '3']],
    ] as const) {
      const client = embedded('projects', 'clients', projectClient, { toOne: true });
      const read = node('projects', {
        select: [select('id', { cast: 'text' })],
        where: [{ kind: 'null-embed', negated, alias: client.aggregateAlias }],
        order: byId,
        children: [client],
        relationSelect: [shown(client, 'object', true)],
      });
      const row = await bed.run(readPlan(read), { preferCount: 'exact', maxRows: 100 });
      assert.deepEqual(
        JSON.parse(row['body']!),
        expected.map((id) => ({ id })),
      );
      assert.equal(row['total_result_set'], String(expected.length));
    }
  });

  it('many-to-many relations go through the junction', async () => {
    const tags = node('tags', {
      depth: 1,
      select: [select('word')],
      order: byId,
      aggregateAlias: 'projects_tags_1',
      relationship: foreignKey('projects', 'tags', {
        kind: 'many-to-many',
        junction: { schema: 'api', name: 'projects_tags' },
        constraint1: 'a',
        constraint2: 'b',
        source: [['id', 'project_id']],
        target: [['id', 'tag_id']],
      }),
      joins: [
        {
          left: { table: { schema: 'api', name: 'projects_tags' }, column: 'tag_id' },
          right: { table: { schema: 'api', name: 'tags' }, column: 'id' },
        },
        {
          left: { table: { schema: 'api', name: 'projects_tags' }, column: 'project_id' },
          right: { table: { schema: 'api', name: 'projects' }, column: 'id' },
        },
      ],
    });
    const read = node('projects', {
      select: [select('id')],
      where: [filter('id', { kind: 'in', values: ['1', '4'] })],
      order: byId,
      children: [tags],
      relationSelect: [shown(tags, 'array')],
    });
    assert.deepEqual(await bed.body(readPlan(read)), [
      { id: 1, tags: [{ word: 'red' }, { word: 'blue' }] },
      { id: 4, tags: [] },
    ]);
  });

  it('computed relationships take the row of the parent, at the top and below', async () => {
    const top = (parent: string, depth: number) =>
      node('projects', {
        name: 'top_projects',
        depth,
        fromAlias: `projects_${depth}`,
        select: [select('id')],
        order: byId,
        aggregateAlias: `${parent}_top_projects_${depth}`,
        relationship: {
          kind: 'computed',
          function: { schema: 'api', name: 'top_projects' },
          table: { schema: 'api', name: 'clients' },
          foreignTable: { schema: 'api', name: 'projects' },
          tableAlias: { schema: 'api', name: 'clients' },
          toOne: false,
          isSelf: false,
        },
      });
    const first = top('clients', 1);
    const atTop = { select: [select('id')], children: [first], relationSelect: [shown(first, 'array')] };
    assert.deepEqual(await bed.body(readPlan(node('clients', { ...atTop, where: [eq('id', '1')] }))), [
      { id: 1, top_projects: [{ id: 1 }, { id: 2 }] },
    ]);
    const second = top('clients', 2);
    const client = embedded('projects', 'clients', projectClient, {
      toOne: true,
      select: [select('id')],
      children: [second],
      relationSelect: [shown(second, 'array')],
    });
    const below = { select: [select('id')], children: [client], relationSelect: [shown(client, 'object')] };
    assert.deepEqual(await bed.body(readPlan(node('projects', { ...below, where: [eq('id', '3')] }))), [
      { id: 3, clients: { id: 2, top_projects: [] } },
    ]);
  });

  it('a to-one spread lifts its columns and orders the parent', async () => {
    const client = embedded('projects', 'clients', projectClient, {
      toOne: true,
      spread: { kind: 'to-one' },
      select: [select('name', { alias: 'customer' })],
    });
    const column = {
      name: 'customer',
      aggregate: undefined,
      aggregateCast: undefined,
      alias: undefined,
    } as const;
    const read = node('projects', {
      select: [select('id')],
      children: [client],
      relationSelect: [{ kind: 'spread', alias: client.aggregateAlias, columns: [column] }],
      order: [
        { relation: client.aggregateAlias, field: field('customer'), direction: 'desc', nulls: 'last' },
        ...byId,
      ],
    });
    assert.deepEqual(await bed.body(readPlan(read)), [
      { id: 3, customer: 'Bob' },
      { id: 1, customer: 'Ada' },
      { id: 2, customer: 'Ada' },
      { id: 4, customer: null },
    ]);
  });

  it('a to-many spread gives arrays in the order that was asked', async () => {
    const projects = embedded('clients', 'projects', clientProjects, {
      select: [select('name', { alias: 'names' })],
      spread: {
        kind: 'to-many',
        extraSelect: [{ alias: undefined, select: select('cost', { alias: 'order_1' }) }],
        order: [{ relation: undefined, field: field('order_1'), direction: 'desc', nulls: undefined }],
      },
    });
    const column = {
      name: 'names',
      aggregate: undefined,
      aggregateCast: undefined,
      alias: undefined,
    } as const;
    const read = node('clients', {
      select: [select('id')],
      order: byId,
      children: [projects],
      relationSelect: [{ kind: 'spread', alias: projects.aggregateAlias, columns: [column] }],
    });
    assert.deepEqual(await bed.body(readPlan(read)), [
      { id: 1, names: ['two', 'one'] },
      { id: 2, names: ['three'] },
      { id: 3, names: [] },
    ]);
  });

  it('aggregates group by what is selected beside them, relations and spreads included', async () => {
    const read = node('projects', {
      select: [
        select('client_id'),
        select('cost', { aggregate: 'sum', aggregateCast: 'text', alias: 'total' }),
        select('*', { aggregate: 'count' }),
      ],
      order: [{ relation: undefined, field: field('client_id'), direction: 'asc', nulls: 'last' }],
    });
    assert.deepEqual(await bed.body(readPlan(read)), [
      { client_id: 1, total: '30', count: 2 },
      { client_id: 2, total: '5', count: 1 },
      { client_id: null, total: '1', count: 1 },
    ]);
    const projects = embedded('clients', 'projects', clientProjects, {
      toOne: true,
      spread: { kind: 'to-one' },
      select: [select('cost')],
    });
    const cost = { name: 'cost', aggregate: 'max', aggregateCast: undefined, alias: 'highest' } as const;
    const spread = node('clients', {
      select: [select('name', { alias: 'who' })],
      where: [eq('name', 'Ada')],
      children: [projects],
      relationSelect: [{ kind: 'spread', alias: projects.aggregateAlias, columns: [cost] }],
    });
    assert.deepEqual(await bed.body(readPlan(spread)), [{ who: 'Ada', highest: 20 }]);
  });

  it('distinct rows, the first of each, and their number', async () => {
    const rows = node('projects', {
      select: [select('client_id')],
      distinct: 'rows',
      range: { offset: 0, limit: 1 },
    });
    const row = await bed.run(readPlan(rows), { preferCount: 'exact', range: rows.range });
    assert.deepEqual([row['page_total'], row['total_result_set']], ['1', '3']);
    const order = ['client_id', 'cost'].map((name) => ({
      relation: undefined,
      field: field(name),
      direction: 'desc' as const,
      nulls: 'last' as const,
    }));
    const first = node('projects', {
      select: [select('id')],
      distinct: [field('client_id')],
      order,
    });
    assert.deepEqual(await bed.body(readPlan(first)), [{ id: 3 }, { id: 2 }, { id: 4 }]);
  });

  it('counts: the page where nothing limits it, else a count of its own, bounded when estimated', async () => {
    const read = node('projects', { select: [select('id')], range: { offset: 1, limit: 2 } });
    const exact = await bed.run(readPlan(read), { preferCount: 'exact', range: read.range });
    assert.deepEqual([exact['total_result_set'], exact['page_total']], ['4', '2']);
    const all = bed.build(readPlan(node('projects')), { preferCount: 'exact' });
    assert.doesNotMatch(all.text, /pgrst_source_count/);
    const estimated = await bed.run(readPlan(read), { preferCount: 'estimated', maxRows: 2 });
    assert.equal(estimated['total_result_set'], '3');
    const planned = bed.build(readPlan(read), { preferCount: 'planned' });
    assert.match(planned.text, /null::bigint AS total_result_set/);
    assert.deepEqual(planned.explain, { text: 'SELECT 1 FROM "api"."projects"', parameters: [] });
    assert.equal(bed.build(readPlan(read), { preferCount: 'exact' }).explain, undefined);
  });

  const bodies = [
    ['single', { kind: 'single-json', nullsStripped: false }, '{"id":3,"name":null}'],
    ['single, stripped', { kind: 'single-json', nullsStripped: true }, '{"id":3}'],
    ['stripped', { kind: 'array-stripped' }, '[{"id":3}]'],
    ['csv', { kind: 'csv' }, 'id,name\n3,'],
    ['none', { kind: 'none' }, null],
  ] as const;
  for (const [name, handler, expected] of bodies) {
    it(`body: ${name}`, async () => {
      const row = await bed.run(readPlan(node('clients', { where: [eq('id', '3')] }), handler));
      assert.equal(row['body'], expected);
      assert.equal(row['page_total'], '1');
    });
  }

  it('body: GeoJSON is asked of PostGIS', () => {
    const { text } = bed.build(readPlan(node('clients'), { kind: 'geojson' }));
    assert.match(text, /ST_AsGeoJSON\(_postgrest_t\)::json/);
  });

  it('body: a handler of the project, with the type that says whether it is bytes', async () => {
    await bed.rows('create domain api."image/x" as bytea');
    await bed.rows(`create function api.add_image(api."image/x", api.clients) returns api."image/x" immutable language sql
      as $$ select coalesce($1::bytea, ''::bytea) || convert_to($2.name, 'UTF8') $$`);
    await bed.rows(
      'create aggregate api.image_of(api.clients) (sfunc = api.add_image, stype = api."image/x")',
    );
    const handler = {
      kind: 'custom',
      handler: {
        function: { schema: 'api', name: 'image_of' },
        relation: { schema: 'api', name: 'clients' },
        mediaType: 'image/x',
      },
    } as const;
    const plan = readPlan(node('clients', { where: [eq('id', '1')] }), handler, {
      kind: 'other',
      name: 'image/x',
    });
    const row = await bed.run(plan);
    assert.deepEqual([row['body'], row['body_type'], row['page_total']], ['\\x416461', 'bytea', '1']);
    assert.ok(bed.build(plan).columns.includes('body_type'));
  });

  it('a plan is the EXPLAIN of the whole statement with the options of the media type', async () => {
    const media = {
      kind: 'plan',
      for: { kind: 'json' },
      format: 'json',
      options: ['verbose', 'buffers'],
    } as const;
    const built = bed.build(readPlan(node('clients', { where: [eq('id', '1')] }), { kind: 'json' }, media));
    assert.match(built.text, /^EXPLAIN \(FORMAT JSON, VERBOSE, BUFFERS\) WITH pgrst_source/);
    assert.deepEqual([built.explains, built.columns], [true, []]);
    const [line] = await bed.rows(built.text, ['1']);
    assert.equal(JSON.parse(line!['QUERY PLAN']!)[0].Plan['Node Type'], 'Aggregate');
  });

  it('errors name tables and aliases as clients expect', async () => {
    await assert.rejects(bed.run(readPlan(node('clients', { select: [select('nope')] }))), {
      code: '42703',
      message: 'column clients.nope does not exist',
    });
    const child = embedded('clients', 'projects', clientProjects, { select: [select('nope')] });
    const read = node('clients', { children: [child], relationSelect: [shown(child, 'array')] });
    await assert.rejects(bed.run(readPlan(read)), { message: 'column projects_1.nope does not exist' });
  });
});
