import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';
import { chinookLike } from './chinook-like.ts';

describe('MagGate: writes', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    api = await openApi(chinookLike);
  });
  after(() => api.close());

  const odd = encodeURIComponent('Odd "Table" é');

  it('SQL text, parameters and result of an insert', async () => {
    const answer = await api.call('POST', '/api/album', { body: { title: 'New', artist_id: 1 } });
    assert.equal(
      answer.plan?.sql,
      `with w as (
  insert into "public"."album" as t ("title", "artist_id") values ($1, $2)
  returning t."album_id", t."title", t."artist_id"
)
select pg_catalog.string_agg(pg_catalog.row_to_json(d.*)::text, '') as body, count(*) as rows,
  pg_catalog.string_agg(pg_catalog.json_build_array(w."album_id"::text)::text, '') as header_location from w cross join lateral (select w."album_id", w."title", w."artist_id") as d`,
    );
    assert.deepEqual(answer.plan?.parameters, ['New', '1']);
    assert.equal(answer.plan?.access, 'write');
    assert.equal(answer.plan?.operation, 'insert');
    assert.equal(answer.status, 201);
    const { album_id } = answer.body.data;
    assert.deepEqual(answer.body, { data: { album_id, title: 'New', artist_id: 1 }, meta: {} });
    assert.equal(answer.headers['location'], `/api/album/${album_id}`);
  });

  it('POST with another order of keys shares the shape', () => {
    const one = api.plan('POST', '/api/album', { body: { title: 'a', artist_id: 1 } });
    const two = api.plan('POST', '/api/album', { body: { artist_id: 2, title: 'b' } });
    assert.ok('sql' in one && 'sql' in two);
    assert.equal(one.shape, two.shape);
    assert.deepEqual(two.parameters, ['b', '2']);
  });

  it('POST of an empty object inserts the defaults', async () => {
    await api.sql('create table defaults (id serial primary key, word text default $$x$$)');
    await api.sql('grant all on defaults to service_role; grant usage on defaults_id_seq to service_role');
    await api.reload();
    const answer = await api.call('POST', '/api/defaults', { body: {} });
    assert.deepEqual([answer.status, answer.body.data], [201, { id: 1, word: 'x' }]);
    const many = await api.call('POST', '/api/defaults', { body: [{}, {}] });
    assert.deepEqual(many.body.data, [
      { id: 2, word: 'x' },
      { id: 3, word: 'x' },
    ]);
  });

  it('POST of a list inserts all, with defaults for what a row leaves out, in order', async () => {
    const body = [
      { name: 'B1', milliseconds: 1, composer: 'C' },
      { milliseconds: 2, name: 'B2' },
      { name: 'B3', milliseconds: 3, composer: null, unit_price: 5 },
    ];
    const answer = await api.call('POST', '/api/track?fields=name,composer,unit_price', { body });
    assert.equal(answer.status, 201, answer.message);
    assert.deepEqual(answer.body, {
      data: [
        { name: 'B1', composer: 'C', unit_price: 0.99 },
        { name: 'B2', composer: 'unknown', unit_price: 0.99 },
        { name: 'B3', composer: null, unit_price: 5 },
      ],
      meta: { count: 3 },
    });
    assert.equal(answer.headers['location'], undefined);
    assert.equal(answer.plan?.shape, undefined);
  });

  it('a list is all or nothing', async () => {
    const answer = await api.call('POST', '/api/artist', {
      body: [
        { artist_id: 900, name: 'a' },
        { artist_id: 900, name: 'b' },
      ],
    });
    assert.deepEqual([answer.status, answer.code], [409, 'MF409']);
    assert.deepEqual(await api.query('select * from artist where artist_id = 900'), []);
  });

  it('PATCH changes what it names and answers with the row', async () => {
    const answer = await api.call('PATCH', '/api/track/1', { body: { composer: 'Bach' } });
    assert.equal(answer.status, 200);
    assert.deepEqual(
      [answer.body.data.composer, answer.body.data.name, answer.body.meta],
      ['Bach', 'Track 1', {}],
    );
    assert.deepEqual(answer.plan?.parameters, ['Bach', '1']);
    assert.deepEqual(answer.plan?.parameterColumns, ['composer', 'track_id']);
  });

  it('PATCH may change the key itself', async () => {
    const answer = await api.call('PATCH', '/api/playlist_track/1,5', { body: { playlist_id: 2 } });
    assert.deepEqual(answer.body.data, { playlist_id: 2, track_id: 5 });
    assert.equal((await api.call('GET', '/api/playlist_track/1,5')).status, 404);
  });

  it('PUT replaces the whole row: what it leaves out gets the default or null', async () => {
    const answer = await api.call('PUT', '/api/track/2', { body: { name: 'Put', milliseconds: 7 } });
    assert.equal(answer.status, 200, answer.message);
    assert.deepEqual(answer.body.data, {
      track_id: 2,
      name: 'Put',
      album_id: null,
      composer: 'unknown',
      milliseconds: 7,
      unit_price: 0.99,
      explicit: null,
      created_at: '2024-01-01T00:00:00+00:00',
    });
  });

  it('PUT takes a body that repeats the key, in any spelling, and refuses another key', async () => {
    const same = await api.call('PUT', '/api/artist/1', { body: { artist_id: 1, name: 'Same' } });
    assert.deepEqual([same.status, same.body?.data], [200, { artist_id: 1, name: 'Same' }]);
    const spelled = await api.call('PUT', '/api/artist/01', { body: { artist_id: '1', name: 'Spelled' } });
    assert.equal(spelled.status, 200, spelled.message);
    const other = await api.call('PUT', '/api/artist/1', { body: { artist_id: 2, name: 'Other' } });
    assert.deepEqual([other.status, other.code], [422, 'MF422']);
    assert.match(other.message ?? '', /"artist_id" in the body is not the one in the path/);
    assert.deepEqual(await api.query('select name from artist where artist_id in (1, 2) order by 1'), [
      { name: 'Accept' },
      { name: 'Spelled' },
    ]);
  });

  it('PUT of a row with an identity that only the database fills may repeat it', async () => {
    const answer = await api.call('PUT', '/api/stamped/1', { body: { id: 1, word: 'again' } });
    assert.deepEqual(answer.body?.data, { id: 1, word: 'again', shout: 'AGAIN' });
  });

  it('PUT of a row that is all key leaves it and answers with it', async () => {
    const answer = await api.call('PUT', '/api/playlist_track/1,1', { body: {} });
    assert.deepEqual([answer.status, answer.body?.data], [200, { playlist_id: 1, track_id: 1 }]);
    assert.equal((await api.call('PUT', '/api/playlist_track/1,999', { body: {} })).status, 404);
  });

  it('DELETE answers 204 and the row is gone', async () => {
    const answer = await api.call('DELETE', '/api/playlist_track/1,4');
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.equal((await api.call('GET', '/api/playlist_track/1,4')).status, 404);
  });

  for (const [method, body] of [
    ['GET', undefined],
    ['PUT', { name: 'x', milliseconds: 1 }],
    ['PATCH', { name: 'x' }],
    ['DELETE', undefined],
  ] as const) {
    it(`${method} of a row that is not there is 404 naming the key`, async () => {
      const answer = await api.call(method, '/api/track/999999', body === undefined ? {} : { body });
      assert.deepEqual([answer.status, answer.code], [404, 'MF404']);
      assert.match(answer.message ?? '', /track_id/);
    });
  }

  it('a failed PATCH leaves nothing behind in its transaction', async () => {
    await api.sql(`create table touched (n int);
      create function note() returns trigger language plpgsql security definer as $$ begin insert into touched values (1); return null; end $$;
      create trigger note before update on playlist for each statement execute function note()`);
    assert.equal((await api.call('PATCH', '/api/playlist/77', { body: { name: 'x' } })).status, 404);
    assert.deepEqual(await api.query('select * from touched'), []);
  });

  it('a composite key has one part per column; a comma inside a part is %2C, a slash %2F', async () => {
    const one = await api.call('GET', '/api/tag/a%2Cb,c%2Fd');
    assert.equal(one.body?.data?.note, 'first');
    assert.equal((await api.call('GET', '/api/tag/x,%25')).body?.data?.note, 'second');
    const created = await api.call('POST', '/api/tag', { body: { a: 'é,1', b: '?&/' } });
    assert.equal(created.headers['location'], '/api/tag/%C3%A9%2C1,%3F%26%2F');
    assert.equal((await api.call('GET', created.headers['location']!)).status, 200);
    for (const id of ['x', 'x,y,z', '%ff,x', '%00,x']) {
      const wrong = await api.call('GET', `/api/tag/${id}`);
      assert.deepEqual([wrong.status, wrong.code], [400, 'MF406'], id);
      assert.match(wrong.message ?? '', /the key of "tag" is a, b/);
    }
    const type = await api.call('GET', '/api/playlist_track/1,x');
    assert.deepEqual([type.status, type.code, type.details?.['column']], [400, 'MF406', 'track_id']);
  });

  it('odd identifiers are written like any other', async () => {
    const body = { Key: 'new/key', 'two words': 2, 'qu"ote': 'Q', sort: 'S', 'col.x': 'X', naïve: 'ï' };
    const created = await api.call('POST', `/api/${odd}`, { body });
    assert.equal(created.status, 201, created.message);
    assert.deepEqual(created.body.data, { ...body, limit: null, r: null });
    assert.equal(created.headers['location'], `/api/${odd}/new%2Fkey`);
    const patched = await api.call('PATCH', `/api/${odd}/new%2Fkey`, { body: { 'qu"ote': "'" } });
    assert.equal(patched.body.data['qu"ote'], "'");
    assert.equal((await api.call('DELETE', `/api/${odd}/new%2Fkey`)).status, 204);
  });

  const refused: readonly (readonly [
    method: string,
    path: string,
    body: unknown,
    code: string,
    text: RegExp,
  ])[] = [
    ['POST', 'track', { nam: 'x' }, 'MF423', /Did you mean "name"/],
    ['POST', 'track', [{ name: 'x' }, { nam: 'x' }], 'MF423', /item 1 of the body/],
    ['POST', 'track', [], 'MF423', /empty/],
    ['POST', 'track', [1], 'MF423', /Item 0 of the list is a number/],
    ['POST', 'track', 'text', 'MF423', /The body is a string/],
    ['POST', 'track', undefined, 'MF423', /no JSON body/],
    ['PATCH', 'track/1', [{ name: 'x' }], 'MF423', /The body is a list/],
    ['PATCH', 'track/1', {}, 'MF423', /no column/],
    ['PATCH', 'track/1', { limit: 1 }, 'MF423', /no column "limit"/],
    ['POST', 'stamped', { id: 5 }, 'MF422', /"id".*identity column/],
    ['POST', 'stamped', { shout: 'X' }, 'MF422', /"shout".*generated/],
    ['PATCH', 'stamped/1', { shout: 'X' }, 'MF422', /"shout".*generated/],
    ['POST', 'track', { milliseconds: 1 }, 'MF422', /"name" must not be null/],
    ['PUT', 'track/3', { name: 'x' }, 'MF422', /"milliseconds" must not be null/],
    ['PATCH', 'track/3', { name: null }, 'MF422', /"name" must not be null/],
    [
      'POST',
      'track',
      { name: 'x', milliseconds: 0 },
      'MF422',
      /"milliseconds" breaks the rule track_milliseconds_check.*milliseconds > 0/s,
    ],
    ['POST', 'track', { name: 'x', milliseconds: 'long' }, 'MF422', /"milliseconds" \(integer\)/],
    [
      'POST',
      'track',
      { name: 'x'.repeat(201), milliseconds: 1 },
      'MF422',
      /"name" \(character varying\(200\)\).*too long/,
    ],
    [
      'POST',
      'track',
      { name: 'x', milliseconds: 1, unit_price: 123456789 },
      'MF422',
      /"unit_price" \(numeric\(10,2\)\)/,
    ],
    ['POST', 'artist', { artist_id: 1, name: 'x' }, 'MF409', /"artist_id".*artist_pkey/],
    [
      'POST',
      'track',
      { name: 'Track 3', album_id: 1, milliseconds: 1 },
      'MF409',
      /"name", "album_id".*track_name_album_key/,
    ],
    [
      'POST',
      'album',
      { title: 'x', artist_id: 999 },
      'MF409',
      /"artist_id" refers.*"artist".*album_artist_id_fkey/,
    ],
    ['PATCH', 'album/1', { artist_id: 999 }, 'MF409', /"artist_id" refers/],
    ['DELETE', 'artist/3', undefined, 'MF409', /Rows of "album" still refer/],
    ['POST', 'track?limit=1', { name: 'x', milliseconds: 1 }, 'MF405', /"limit" has no meaning here/],
    ['DELETE', 'track/3?name=x', undefined, 'MF405', /"name" has no meaning here/],
    ['PATCH', 'track/3?fields=nam', { name: 'x' }, 'MF402', /Did you mean "name"/],
    ['PATCH', 'track/x', { name: 'x' }, 'MF406', /"track_id" \(integer\)/],
    ['PUT', 'long_track/1', { name: 'x' }, 'MF424', /no primary key/],
  ];
  for (const [method, path, body, code, text] of refused) {
    it(`${method} /api/${path} ${JSON.stringify(body)?.slice(0, 40)} is refused with ${code}`, async () => {
      const answer = await api.call(method, `/api/${path}`, body === undefined ? {} : { body });
      assert.equal(answer.code, code, answer.message);
      assert.match(`${answer.message} ${answer.fix}`, text);
    });
  }

  it('a unique violation shows no values, not even of an expression', async () => {
    await api.sql('create unique index secret_word on secret (lower(word))');
    await api.reload();
    const answer = await api.call('POST', '/api/secret', { body: { id: 2, word: 'HIDDEN' } });
    assert.equal(answer.code, 'MF409');
    assert.equal(JSON.stringify([answer.message, answer.fix, answer.details]).includes('hidden'), false);
    assert.match(answer.message ?? '', /lower\(word/);
  });

  it('an exception raised by a trigger is told in its own words', async () => {
    await api.sql(`create function no() returns trigger language plpgsql as $$ begin raise exception 'stock too low' using hint = 'order more'; end $$;
      create trigger no before insert on log_line for each row when (new.line = 'no') execute function no();
      create function skip() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger skip before insert on log_line for each row when (new.line = 'skip') execute function skip()`);
    const answer = await api.call('POST', '/api/log_line', { body: { line: 'no' } });
    assert.deepEqual([answer.code, answer.message, answer.fix], ['MF422', 'stock too low', 'order more']);
    const skipped = await api.call('POST', '/api/log_line', { body: { line: 'skip' } });
    assert.deepEqual([skipped.status, skipped.text], [201, '{"data":null,"meta":{}}']);
  });

  it('too many values for one statement are refused with the number that fits', async () => {
    const body = Array.from({ length: 30_001 }, () => ({ name: 'x', milliseconds: 1 }));
    const answer = await api.call('POST', '/api/track', { body });
    assert.deepEqual([answer.status, answer.code], [413, 'MF113']);
    assert.match(answer.fix ?? '', /at most 30000/);
  });

  it('10,000 rows in one request', async () => {
    const body = Array.from({ length: 10_000 }, (_, index) => ({ line: `line ${index}` }));
    const answer = await api.call('POST', '/api/log_line', { body });
    assert.deepEqual(answer.body?.meta, { count: 10_000 });
    assert.equal(answer.body.data[9999].line, 'line 9999');
  }).timeout(20_000);

  it('Prefer: return=minimal answers without the row', async () => {
    const headers = { prefer: 'return=minimal' };
    const created = await api.call('POST', '/api/artist', { body: { name: 'Quiet' }, headers });
    assert.deepEqual([created.status, created.text], [201, '']);
    assert.equal(created.headers['preference-applied'], 'return=minimal');
    const patched = await api.call('PATCH', '/api/artist/1', { body: { name: 'x' }, headers });
    assert.deepEqual([patched.status, patched.text], [204, '']);
    assert.equal((await api.call('PATCH', '/api/artist/9999', { body: { name: 'x' }, headers })).status, 404);
  });

  it('a row of an inherited table is refused when children share its id', async () => {
    await api.sql(`create table parent (id int primary key, v text); create table child () inherits (parent);
      insert into parent values (1, 'p'); insert into child values (1, 'c');
      grant all on parent, child to service_role`);
    await api.reload();
    const answer = await api.call('PATCH', '/api/parent/1', { body: { v: 'x' } });
    assert.deepEqual([answer.status, answer.code], [409, 'MF409']);
    assert.deepEqual(await api.query('select v from parent order by v'), [{ v: 'c' }, { v: 'p' }]);
    assert.equal((await api.call('GET', '/api/parent/1')).status, 200);
  });

  it('a schema that changed meanwhile is 503, retryable', async () => {
    await api.sql(
      'create table fleeting (id int primary key, v text); grant all on fleeting to service_role',
    );
    await api.reload();
    assert.equal((await api.call('GET', '/api/fleeting')).status, 200);
    await api.sql('alter table fleeting drop column v');
    const column = await api.call('GET', '/api/fleeting');
    assert.deepEqual([column.status, column.code], [503, 'MF425']);
    await api.sql('drop table fleeting');
    assert.equal((await api.call('GET', '/api/fleeting')).code, 'MF425');
    await api.reload();
    assert.equal((await api.call('GET', '/api/fleeting')).code, 'MF401');
  });

  it('a column whose type changed gets a new shape', async () => {
    await api.sql('create table retyped (id int primary key, v int); grant all on retyped to service_role');
    await api.reload();
    const before = api.plan('GET', '/api/retyped?v=1');
    await api.sql('alter table retyped alter v type text');
    await api.reload();
    const after = api.plan('GET', '/api/retyped?v=1');
    assert.ok('sql' in before && 'sql' in after);
    assert.equal(before.sql, after.sql);
    assert.notEqual(before.shape, after.shape);
    assert.ok(after.schemaVersion > before.schemaVersion);
  });
});
