import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';
import { chinookLike } from './chinook-like.ts';

type Rows = readonly Record<string, unknown>[];

describe('MagGate: lists', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    api = await openApi(chinookLike, { defaultLimit: 10, maxLimit: 25 });
  });
  after(() => api.close());

  const found: readonly (readonly [query: string, ids: readonly number[]])[] = [
    ['track_id=7', [7]],
    ['track_id=eq.7', [7]],
    ['track_id=neq.1&limit=2', [2, 3]],
    ['track_id=gt.28', [29, 30]],
    ['track_id=gte.29', [29, 30]],
    ['track_id=lt.3', [1, 2]],
    ['track_id=lte.2', [1, 2]],
    ['track_id=gte.3&track_id=lt.5', [3, 4]],
    ['name=like.Track%251', [1, 11, 21]],
    ['name=ilike.tRACK%251', [1, 11, 21]],
    ['name=not.like.Track%25&track_id=1', []],
    ['name=Track+3', [3]],
    ['name=Track%203', [3]],
    ['track_id=in.3,1,2', [1, 2, 3]],
    ['track_id=in.(3,1)', [1, 3]],
    ['track_id=in.()', []],
    ['track_id=not.in.1,2,3,4,5,6,7,8&limit=2', [9, 10]],
    ['name=in."Track 1",Track 2', [1, 2]],
    ['composer=is.null&track_id=lt.4', [1, 3]],
    ['composer=is.not_null&track_id=lt.4', [2]],
    ['composer=not.is.null&track_id=lt.4', [2]],
    ['explicit=is.true&track_id=lt.7', [3, 6]],
    ['explicit=is.false&track_id=lt.4', [1, 2]],
    ['explicit=true&track_id=lt.7', [3, 6]],
    ['unit_price=3.1', [3]],
    ['unit_price=3.10', [3]],
    ['q=ck 2&sort=track_id:desc&limit=3', [29, 28, 27]],
    ['q=%25', []],
    ['q=_', []],
    ['sort=album_id:desc,track_id:desc&limit=3', [29, 26, 23]],
    ['sort=composer:asc:nullsfirst&limit=2', [1, 3]],
    ['sort=composer:desc:nullslast&limit=2', [2, 4]],
    ['sort="album_id":desc&limit=1', [2]],
    ['limit=2&page=3', [5, 6]],
    ['col.track_id=5', [5]],
    ['created_at=2024-01-01T00:00:00%2B00:00&track_id=1', [1]],
    ['&&track_id=1&', [1]],
  ];
  for (const [query, ids] of found) {
    it(`GET /api/track?${query} finds ${JSON.stringify(ids)}`, async () => {
      const answer = await api.call('GET', `/api/track?${query}`);
      assert.equal(answer.status, 200, answer.message);
      assert.deepEqual(
        (answer.body.data as Rows).map((row) => row['track_id']),
        ids,
      );
    });
  }

  const refused: readonly (readonly [query: string, status: number, code: string, text: RegExp])[] = [
    ['nam=x', 400, 'MF402', /Did you mean "name"/],
    ['limti=5', 400, 'MF402', /Did you mean "limit"/],
    ['xyzzy=1', 400, 'MF402', /columns are: track_id, name/],
    ['sort=nam', 400, 'MF402', /Did you mean "name"/],
    ['fields=name,milisecond', 400, 'MF402', /Did you mean "milliseconds"/],
    ['limit=26', 400, 'MF405', /largest allowed limit, 25/],
    ['limit=0', 400, 'MF405', /whole number from 1/],
    ['limit=-1', 400, 'MF405', /whole number from 1/],
    ['limit=1e3', 400, 'MF405', /whole number from 1/],
    ['limit=', 400, 'MF405', /whole number from 1/],
    ['limit=1&limit=2', 400, 'MF405', /given twice/],
    ['page=0', 400, 'MF405', /whole number from 1/],
    ['page=9999999999', 400, 'MF405', /last page/],
    ['name=%zz', 400, 'MF405', /percent-encoded/],
    ['name=%ff', 400, 'MF405', /percent-encoded/],
    ['name=a%00b', 400, 'MF405', /NUL/],
    ['name', 400, 'MF405', /no value/],
    ['=1', 400, 'MF405', /no name/],
    ['name=not.x', 400, 'MF405', /must be followed by an operator/],
    ['composer=is.nul', 400, 'MF405', /is\.null, is\.not_null/],
    ['name=is.true', 400, 'MF405', /boolean column/],
    ['track_id=in."1', 400, 'MF405', /broken list/],
    ['track_id=in."1"x', 400, 'MF405', /broken list/],
    ['track_id=abc', 400, 'MF405', /"track_id" \(integer\)/],
    ['track_id=', 400, 'MF405', /"track_id" \(integer\)/],
    ['track_id=99999999999', 400, 'MF405', /out of range/],
    ['track_id=in.1,x', 400, 'MF405', /"track_id" \(integer\)/],
    ['track_id=like.1%25', 400, 'MF405', /like and ilike need text/],
    ['sort=name:up', 400, 'MF405', /:up/],
    ['sort=', 400, 'MF405', /empty/],
    ['sort=name:asc:desc', 400, 'MF405', /:desc/],
    ['sort=name,,track_id', 400, 'MF405', /empty/],
    ['fields=', 400, 'MF405', /empty/],
    ['fields="name', 400, 'MF405', /not closed/],
    ['q=', 400, 'MF405', /q is empty/],
    ['count=all', 400, 'MF405', /count=exact/],
  ];
  for (const [query, status, code, text] of refused) {
    it(`GET /api/track?${query} is refused with ${code}`, async () => {
      const answer = await api.call('GET', `/api/track?${query}`);
      assert.deepEqual([answer.status, answer.code], [status, code], answer.text);
      assert.match(`${answer.message} ${answer.fix}`, text);
    });
  }

  it('a refused request is refused again once its shape is known', async () => {
    assert.equal((await api.call('GET', '/api/track?q=a')).status, 200);
    assert.equal((await api.call('GET', '/api/track?q=')).code, 'MF405');
    assert.equal((await api.call('GET', '/api/track?limit=5')).status, 200);
    assert.equal((await api.call('GET', '/api/track?limit=5&page=x')).code, 'MF405');
  });

  it('SQL text, parameters and result of a filtered, sorted, paged list', async () => {
    const answer = await api.call(
      'GET',
      '/api/track?unit_price=gte.2&name=like.Track%25&fields=name,track_id&sort=name:desc&limit=2&page=2&count=exact',
    );
    assert.equal(
      answer.plan?.sql,
      `select '{"data":' || coalesce(pg_catalog.json_agg(l.item) filter (where l.place <= 2)::text, '[]')
  || ',"meta":{"limit":2,"page":' || ($3::bigint / 2 + 1) || ',"hasMore":' || (count(*) > 2)::text || ',"total":' || (select count(*) from "public"."track" as t where t."unit_price" >= $1 and t."name" like $2) || '}}' as body,
  least(count(*), 2) as rows
from (
  select r as item, pg_catalog.row_number() over () as place
  from (
    select t."name", t."track_id"
    from "public"."track" as t where t."unit_price" >= $1 and t."name" like $2 order by t."name" desc, t."track_id"
    limit 3 offset $3::bigint
  ) as r
) as l`,
    );
    assert.deepEqual(answer.plan?.parameters, ['2', 'Track%', '2']);
    assert.deepEqual(answer.plan?.parameterColumns, ['unit_price', 'name', null]);
    assert.deepEqual(answer.body, {
      data: [
        { name: 'Track 7', track_id: 7 },
        { name: 'Track 6', track_id: 6 },
      ],
      meta: { limit: 2, page: 2, hasMore: true, total: 29 },
    });
  });

  it('filters in another order share one shape and keep their values', async () => {
    const one = api.plan('GET', '/api/track?name=Track 1&track_id=1');
    const two = api.plan('GET', '/api/track?track_id=2&name=Track 2');
    assert.ok('sql' in one && 'sql' in two);
    assert.equal(one.shape, two.shape);
    assert.equal(one.sql, two.sql);
    assert.deepEqual(one.parameters, ['Track 1', '1']);
    assert.deepEqual(two.parameters, ['Track 2', '2']);
  });

  it('names cannot imitate the shape of another request', async () => {
    assert.equal((await api.call('GET', '/api/track?name=a&track_id=1')).status, 200);
    const imitation = encodeURIComponent('4:name.eq|8:track_id');
    assert.equal((await api.call('GET', `/api/track?${imitation}=1`)).code, 'MF402');
    await api.call('PUT', '/api/tag/none,none', { body: { note: 'x' } });
    const answer = await api.call('GET', '/api/tag/none,none?2v?');
    assert.equal(answer.code, 'MF405');
  });

  it('hasMore tells whether there is a next page, without total', async () => {
    const last = await api.call('GET', '/api/track?limit=10&page=3');
    assert.deepEqual(last.body.meta, { limit: 10, page: 3, hasMore: false });
    const first = await api.call('GET', '/api/track');
    assert.deepEqual(first.body.meta, { limit: 10, page: 1, hasMore: true });
    const beyond = await api.call('GET', '/api/track?limit=10&page=9');
    assert.deepEqual(beyond.body, { data: [], meta: { limit: 10, page: 9, hasMore: false } });
  });

  it('fields keeps the order asked for and drops repetitions', async () => {
    const { text } = await api.call('GET', '/api/track?fields=name,track_id,name&limit=1');
    assert.match(text, /\{"name":"Track 1","track_id":1\}/);
  });

  it('q looks in text columns only and is refused where there are none', async () => {
    const { text } = await api.call('GET', '/api/album?q=100%25 cool_');
    assert.match(text, /100% Cool_Stuff/);
    assert.equal((await api.call('GET', '/api/playlist_track?q=1')).code, 'MF405');
  });

  it('an unknown table is 404 with did-you-mean', async () => {
    const near = await api.call('GET', '/api/trakc');
    assert.deepEqual([near.status, near.code, near.details?.['didYouMean']], [404, 'MF401', 'track']);
    const far = await api.call('GET', '/api/warehouse');
    assert.deepEqual([far.status, far.fix], [404, 'GET /api lists the tables.']);
  });

  it('views, materialized views and tables without a key are lists', async () => {
    assert.equal((await api.call('GET', '/api/long_track?sort=track_id')).body.data.length, 10);
    assert.equal((await api.call('GET', '/api/track_count?sort=album_id')).body.data[0].tracks, 10);
    assert.equal((await api.call('GET', '/api/artist_names')).body.data.length, 4);
    assert.equal((await api.call('GET', '/api/log_line')).status, 200);
    const row = await api.call('GET', '/api/long_track/1');
    assert.deepEqual([row.status, row.code], [404, 'MF104']);
    assert.equal((await api.call('DELETE', '/api/log_line/1')).code, 'MF424');
    assert.equal((await api.call('POST', '/api/track_count', { body: { tracks: 1 } })).code, 'MF424');
  });

  it('reserved names are reached with col., and odd identifiers with their own', async () => {
    const table = `/api/${encodeURIComponent('Odd "Table" é')}`;
    const queries = [
      'col.sort=eq.s',
      'col.limit=5',
      'col.col.x=x',
      'two%20words=1',
      'two+words=1',
      `${encodeURIComponent('qu"ote')}=q`,
      'na%C3%AFve=n',
      'r=r',
      `sort=${encodeURIComponent('"qu\\"ote":desc,two words')}`,
    ];
    for (const query of queries) {
      const answer = await api.call('GET', `${table}?${query}`);
      assert.equal(answer.body?.data?.length, 1, `${query}: ${answer.message}`);
    }
    const { text } = await api.call('GET', `${table}/k%2C1`);
    assert.equal(
      text,
      '{"data":{"Key":"k,1","two words":1,"qu\\"ote":"q","sort":"s","limit":5,"col.x":"x","r":"r","naïve":"n"},"meta":{}}',
    );
    assert.equal((await api.call('GET', `${table}/k,1`)).status, 200);
  });

  it('paths that are none are 404, other methods 405 with those that are', async () => {
    assert.equal((await api.call('GET', '/api/track/1/2')).code, 'MF104');
    assert.equal((await api.call('GET', '/api/%ff')).code, 'MF103');
    const wrong = await api.call('DELETE', '/api/track');
    assert.deepEqual([wrong.status, wrong.details?.['allow']], [405, ['GET', 'HEAD', 'POST']]);
    const row = await api.call('POST', '/api/track/1', { body: {} });
    assert.deepEqual([row.status, row.details?.['allow']], [405, ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']]);
    assert.equal((await api.call('POST', '/api')).code, 'MF105');
    assert.equal((await api.call('GET', '/api/track/')).status, 200);
  });
});
