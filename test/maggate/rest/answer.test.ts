import assert from 'node:assert/strict';
import { openRest, type Rest, type RestOptions } from './rest-harness.ts';

const ddl = `
create table items (id int primary key, name text);
insert into items select i, 'item ' || i from generate_series(1, 15) as i;
create table "ملاحظات" (id int primary key);
create table "new
line" (id int primary key references items);
create table kids (id int primary key, item int references items);
create table notes (a text, b text, primary key (a, b));
create view only_read as select distinct name from items;
create function add(a int, b int) returns int language sql immutable as 'select a + b';
create function nothing() returns void language sql as 'select';
create function volatile_one() returns int language sql as 'select 1';
create function all_items() returns setof items language sql stable as 'select * from items';
create function said(status text, headers text) returns int language sql as $$
  select set_config('response.status', status, true), set_config('response.headers', headers, true);
  select 1 $$;
create domain "application/octet-stream" as bytea;
create function bytes() returns "application/octet-stream" language sql as $$ select '\\x00ff10'::bytea $$;
comment on schema public is E'Shop\\n\\nWhat it sells.';
comment on table items is E'Items\\nThings to buy.';
`;

type Row = readonly [
  name: string,
  request: readonly [method: string, target: string, options?: RestOptions],
  expected: { readonly status: number; readonly text?: string } & Readonly<Record<string, unknown>>,
];

const prefer = (value: string, more: RestOptions = {}): RestOptions => ({
  ...more,
  headers: { ...more.headers, prefer: value },
});
const accept = (value: string): RestOptions => ({ headers: { accept: value } });

/** Expected besides status and text: headers, undefined for none. */
const rows: readonly Row[] = [
  ['rows without a count', ['GET', '/items?id=lt.3&select=id'], { status: 200, 'content-range': '0-1/*' }],
  ['no rows', ['GET', '/items?id=eq.0'], { status: 200, text: '[]', 'content-range': '*/*' }],
  [
    'a part of what was counted',
    ['GET', '/items?limit=5&offset=5', prefer('count=exact')],
    { status: 206, 'content-range': '5-9/15', 'preference-applied': 'count=exact' },
  ],
  [
    'all that was counted',
    ['GET', '/items', prefer('count=exact')],
    { status: 200, 'content-range': '0-14/15' },
  ],
  [
    'nothing that was counted',
    ['GET', '/items?id=eq.0', prefer('count=exact')],
    { status: 200, 'content-range': '*/0' },
  ],
  [
    'an offset at the end',
    ['GET', '/items?offset=15', prefer('count=exact')],
    { status: 206, 'content-range': '*/15' },
  ],
  [
    'an offset behind the end',
    ['GET', '/items?offset=16', prefer('count=exact')],
    {
      status: 416,
      'content-range': '*/15',
      text: '{"code":"PGRST103","message":"Requested range not satisfiable","details":"An offset of 16 was requested, but there are only 15 rows.","hint":null}',
    },
  ],
  [
    'a Range header',
    ['GET', '/items?select=id', { headers: { range: '0-1' } }],
    { status: 200, text: '[{"id":1}, \n {"id":2}]', 'content-range': '0-1/*' },
  ],
  [
    'a HEAD like the GET, without a body',
    ['HEAD', '/items', prefer('count=exact')],
    {
      status: 200,
      text: '',
      'content-range': '0-14/15',
      'content-type': 'application/json; charset=utf-8',
    },
  ],
  [
    'where it was read, with the parameters sorted',
    ['GET', '/items?name=eq.x&id=eq.1'],
    { status: 200, 'content-location': '/rest/v1/items?id=eq.1&name=eq.x', vary: 'Accept, Prefer, Range' },
  ],
  [
    'a name that is not ASCII as bytes',
    ['GET', `/${encodeURIComponent('ملاحظات')}`],
    { status: 200, 'content-location': `/rest/v1/${Buffer.from('ملاحظات').toString('latin1')}` },
  ],
  [
    'a name with a line break as a link',
    ['GET', '/new%0Aline'],
    { status: 200, 'content-location': '/rest/v1/new%0Aline' },
  ],
  [
    'a warning about the former name of an alias, even one with a line break',
    ['GET', '/items?select=id,%22a%0Ab%22:kids(id)&kids.id=eq.1&limit=1'],
    {
      status: 200,
      warning:
        '299 MagFlock "Embedded resource was referenced by relation name even though it has an alias. This is deprecated and will stop working in a future release. Update `kids` to `a?b` in query string filters, orders or limits."',
    },
  ],
  [
    'CSV',
    ['GET', '/items?id=eq.1', accept('text/csv')],
    { status: 200, text: 'id,name\n1,"item 1"', 'content-type': 'text/csv; charset=utf-8' },
  ],
  [
    'one object',
    ['GET', '/items?id=eq.1', accept('application/vnd.pgrst.object+json')],
    {
      status: 200,
      text: '{"id":1,"name":"item 1"}',
      'content-type': 'application/vnd.pgrst.object+json; charset=utf-8',
    },
  ],
  [
    'no object among several',
    ['GET', '/items', accept('application/vnd.pgrst.object+json')],
    { status: 406, 'proxy-status': 'PostgREST; error=PGRST116', 'content-location': undefined },
  ],
  [
    'a created row without a body',
    ['POST', '/items', { body: { id: 20 } }],
    { status: 201, text: '', 'content-range': '*/*', 'content-type': undefined, location: undefined },
  ],
  [
    'where a created row is',
    ['POST', '/notes', prefer('return=headers-only,count=exact', { body: { a: 'x y', b: "(1)'" } })],
    {
      status: 201,
      text: '',
      location: '/rest/v1/notes?a=eq.x%20y&b=eq.%281%29%27',
      'content-range': '*/1',
      'preference-applied': 'return=headers-only, count=exact',
    },
  ],
  [
    'a row that was there, merged',
    [
      'POST',
      '/items',
      prefer('resolution=merge-duplicates,return=representation', { body: { id: 1, name: 'item 1' } }),
    ],
    {
      status: 200,
      text: '[{"id":1,"name":"item 1"}]',
      'preference-applied': 'resolution=merge-duplicates, return=representation',
    },
  ],
  [
    'changed rows',
    ['PATCH', '/items?id=lt.3', prefer('count=exact', { body: { name: 'x' } })],
    { status: 204, text: '', 'content-range': '0-1/2', 'content-type': undefined },
  ],
  [
    'no changed row',
    ['PATCH', '/items?id=eq.0', prefer('return=representation', { body: { name: 'x' } })],
    { status: 200, text: '[]', 'content-range': '*/*' },
  ],
  [
    'deleted rows',
    ['DELETE', '/items?id=eq.15&select=id', prefer('return=representation,count=exact')],
    { status: 200, text: '[{"id":15}]', 'content-range': '*/1' },
  ],
  [
    'a row that was put',
    ['PUT', '/items?id=eq.16', prefer('return=representation', { body: { id: 16, name: 'y' } })],
    { status: 201, text: '[{"id":16,"name":"y"}]', 'content-range': undefined },
  ],
  [
    'a row that was there, put',
    ['PUT', '/items?id=eq.1', prefer('return=representation', { body: { id: 1, name: 'z' } })],
    { status: 200, text: '[{"id":1,"name":"z"}]' },
  ],
  ['a value', ['GET', '/rpc/add?a=1&b=2'], { status: 200, text: '3', 'content-range': '0-0/*' }],
  ['no value', ['POST', '/rpc/nothing'], { status: 204, text: '', 'content-type': undefined }],
  [
    'rows of a function',
    ['GET', '/rpc/all_items?select=id&id=eq.2', prefer('count=exact')],
    { status: 200, text: '[{"id":2}]', 'content-range': '0-0/1' },
  ],
  [
    'bytes',
    ['GET', '/rpc/bytes', accept('application/octet-stream')],
    { status: 200, text: '\x00\xff\x10', 'content-type': 'application/octet-stream' },
  ],
  [
    'what SQL says',
    [
      'POST',
      '/rpc/said',
      {
        body: {
          status: '418',
          headers:
            '[{"X-A":"b"},{"Set-Cookie":"a=1"},{"Set-Cookie":"b=2"},{"Content-Type":"text/x"},{"vary":"*"}]',
        },
      },
    ],
    { status: 418, text: '1', 'x-a': 'b', 'set-cookie': 'a=1, b=2', 'content-type': 'text/x', vary: '*' },
  ],
  [
    'a Location of SQL below the API',
    ['POST', '/rpc/said', { body: { status: '303', headers: '[{"location":"/items?id=eq.1"}]' } }],
    { status: 303, location: '/rest/v1/items?id=eq.1' },
  ],
  ...[
    'no json',
    '{"a":"b"}',
    '[{"a":"b","c":"d"}]',
    '[{"a":1}]',
    '[{"a b":"c"}]',
    '[{"a":"b\\r\\nx: y"}]',
  ].map(
    (headers): Row => [
      `an error for headers ${headers}`,
      ['POST', '/rpc/said', { body: { status: '', headers } }],
      { status: 500, 'proxy-status': 'PostgREST; error=PGRST111', x: undefined },
    ],
  ),
  ...['no', '99', '100', '1000'].map(
    (status): Row => [
      `an error for the status ${status}`,
      ['POST', '/rpc/said', { body: { status, headers: '' } }],
      { status: 500, 'proxy-status': 'PostgREST; error=PGRST112' },
    ],
  ),
  [
    'methods of a table',
    ['OPTIONS', '/items'],
    { status: 200, text: '', allow: 'OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE' },
  ],
  ['methods of a view', ['OPTIONS', '/only_read'], { status: 200, allow: 'OPTIONS,GET,HEAD' }],
  ['methods of a function', ['OPTIONS', '/rpc/all_items'], { status: 200, allow: 'OPTIONS,GET,HEAD,POST' }],
  ['methods of one that writes', ['OPTIONS', '/rpc/volatile_one'], { status: 200, allow: 'OPTIONS,POST' }],
  ['methods of the root', ['OPTIONS', '/'], { status: 200, allow: 'OPTIONS,GET,HEAD' }],
  ['no methods of nothing', ['OPTIONS', '/no_table'], { status: 404, allow: undefined }],
  [
    'the head of the description',
    ['HEAD', '/'],
    { status: 200, text: '', 'content-type': 'application/openapi+json; charset=utf-8' },
  ],
  [
    'no description as CSV',
    ['GET', '/', accept('text/csv')],
    { status: 406, 'proxy-status': 'PostgREST; error=PGRST107' },
  ],
];

describe('answers of the PostgREST dialect', function () {
  this.timeout(20_000);
  let rest: Rest;

  before(async () => {
    rest = await openRest(ddl, { dbTxEnd: 'rollback' });
  });
  after(() => rest.close());

  for (const [name, [method, target, options], { status, text, ...headers }] of rows) {
    it(`are ${name}: ${method} ${target}`, async () => {
      const answer = await rest.call(method, target, options);
      assert.equal(answer.status, status, answer.text);
      if (text !== undefined) assert.equal(answer.text, text);
      for (const [header, value] of Object.entries(headers))
        assert.equal(answer.headers[header], value, header);
    });
  }

  describe('with settings', () => {
    after(() =>
      rest.set({
        dbTxEnd: 'commit',
        serverTraceHeader: null,
        serverTimingEnabled: false,
        dbPlanEnabled: false,
      }),
    );

    it('repeat the trace header', async () => {
      await rest.set({ serverTraceHeader: 'X-Trace' });
      const { headers } = await rest.call('GET', '/items', { headers: { 'x-trace': 'abc' } });
      assert.equal(headers['x-trace'], 'abc');
      const refused = await rest.call('GET', '/no_table', { headers: { 'x-trace': 'abc' } });
      assert.equal(refused.headers['x-trace'], 'abc');
    });

    it('tell times', async () => {
      await rest.set({ serverTimingEnabled: true });
      const { headers } = await rest.call('GET', '/items');
      const time = '\\d+\\.\\d';
      assert.match(
        headers['server-timing'] ?? '',
        new RegExp(`^parse;dur=${time}, plan;dur=${time}, transaction;dur=${time}, response;dur=${time}$`),
      );
    });

    it('explain instead', async () => {
      await rest.set({ dbPlanEnabled: true });
      const json = await rest.call('GET', '/items', accept('application/vnd.pgrst.plan+json'));
      assert.equal(typeof json.body[0].Plan['Total Cost'], 'number');
      assert.equal(
        json.headers['content-type'],
        'application/vnd.pgrst.plan+json; for="application/json"; charset=utf-8',
      );
      const text = await rest.call('DELETE', '/items', accept('application/vnd.pgrst.plan'));
      assert.match(text.text, /Delete on items[\s\S]*\n$/);
      assert.equal((await rest.query('select count(*) from items'))[0]?.['count'], '15');
    });

    it('count what the planner thinks, and exactly up to the largest answer', async () => {
      await rest.sql('analyze items');
      const total = async (count: string) =>
        (await rest.call('GET', '/items?limit=1', prefer(`count=${count}`))).headers['content-range'];
      assert.equal(await total('planned'), '0-0/15');
      await rest.set({ dbMaxRows: 20 });
      assert.equal(await total('estimated'), '0-0/15');
      await rest.set({ dbMaxRows: 5 });
      // Six rows were counted before it stopped: what the planner thinks is more.
      assert.equal(await total('estimated'), '0-0/15');
      await rest.set({ dbMaxRows: null });
    });

    it('are undone when the project says so, unless the caller may say otherwise', async () => {
      const names = async (): Promise<unknown> =>
        (await rest.query("select count(*)::int as n from items where name = 'undone'"))[0]?.['n'];
      const write = async (options?: RestOptions) =>
        rest.call('PATCH', '/items?id=eq.1', { body: { name: 'undone' }, ...options });
      await rest.set({ dbTxEnd: 'rollback' });
      assert.equal((await write(prefer('tx=commit'))).status, 204);
      assert.equal(await names(), 0);
      await rest.set({ dbTxEnd: 'commit' });
      assert.equal((await write(prefer('tx=rollback'))).headers['preference-applied'], undefined);
      assert.equal(await names(), 1);
    });
  });
});
