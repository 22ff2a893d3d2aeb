import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';
import { chinookLike } from './chinook-like.ts';

describe('MagGate: permissions', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    api = await openApi(`${chinookLike};
      grant select on artist to anon;
      grant select (track_id, name) on track to anon;
      grant insert on log_line to anon;
      grant select, insert, update, delete on secret to anon;
      alter table secret enable row level security;
      create policy visible on secret to anon using (word <> 'hidden') with check (word <> 'forbidden');
      insert into secret values (10, 'open');
      create table "odd name's" (id int primary key);
    `);
  });
  after(() => api.close());

  const commands: readonly (readonly [method: string, path: string, body: unknown, fix: RegExp])[] = [
    ['GET', 'album', undefined, /magflock expose album --to anon --read /],
    ['GET', 'album/1', undefined, /magflock expose album --to anon --read /],
    [
      'POST',
      'album',
      { title: 'x', artist_id: 1 },
      /magflock expose album --to anon --read --insert .*Prefer: return=minimal/,
    ],
    ['PATCH', 'album/1', { title: 'x' }, /magflock expose album --to anon --update --read /],
    ['DELETE', 'album/1', undefined, /magflock expose album --to anon --read --delete /],
    [
      'GET',
      encodeURIComponent("odd name's"),
      undefined,
      /magflock expose 'odd name'\\''s' --to anon --read /,
    ],
  ];
  for (const [method, path, body, fix] of commands) {
    it(`${method} /api/${path} without the right is 403 with the command that grants it`, async () => {
      const answer = await api.call(method, `/api/${path}`, {
        role: 'anon',
        ...(body === undefined ? {} : { body }),
      });
      assert.deepEqual([answer.status, answer.code], [403, 'MF403']);
      assert.match(answer.message ?? '', /^This key may not (read|insert into|update|delete from) "/);
      assert.match(answer.fix ?? '', fix);
      assert.match(answer.fix ?? '', /row security/);
    });
  }

  it('a serial column whose sequence is not granted is told with the same command', async () => {
    await api.sql('grant select, insert on playlist, artist to anon');
    const answer = await api.call('POST', '/api/artist', { role: 'anon', body: { name: 'x' } });
    assert.deepEqual([answer.status, answer.code], [403, 'MF403']);
    assert.match(answer.fix ?? '', /magflock expose artist --to anon --read --insert /);
    await api.sql('revoke insert on playlist, artist from anon; revoke select on playlist from anon');
  });

  it('rights on columns are enough for those columns', async () => {
    assert.equal((await api.call('GET', '/api/track', { role: 'anon' })).code, 'MF403');
    const some = await api.call('GET', '/api/track?fields=track_id,name', { role: 'anon' });
    assert.equal(some.status, 200, some.message);
    assert.equal(
      (await api.call('GET', '/api/track?fields=name&milliseconds=1', { role: 'anon' })).code,
      'MF403',
    );
    assert.equal(
      (await api.call('GET', '/api/track?fields=name&sort=milliseconds', { role: 'anon' })).code,
      'MF403',
    );
    assert.equal((await api.call('GET', '/api/track?fields=name&q=a', { role: 'anon' })).code, 'MF403');
  });

  it('a role that may only insert inserts with return=minimal', async () => {
    const body = { line: 'from anon' };
    assert.equal((await api.call('POST', '/api/log_line', { role: 'anon', body })).code, 'MF403');
    const headers = { prefer: 'return=minimal' };
    assert.equal((await api.call('POST', '/api/log_line', { role: 'anon', body, headers })).status, 201);
  });

  it('rows hidden by row security are not there', async () => {
    const list = await api.call('GET', '/api/secret?count=exact', { role: 'anon' });
    assert.deepEqual(list.body, {
      data: [{ id: 10, word: 'open' }],
      meta: { limit: 100, page: 1, hasMore: false, total: 1 },
    });
    for (const [method, body] of [
      ['GET'],
      ['DELETE'],
      ['PATCH', { word: 'x' }],
      ['PUT', { word: 'x' }],
    ] as const) {
      const answer = await api.call(method, '/api/secret/1', {
        role: 'anon',
        ...(body === undefined ? {} : { body }),
      });
      assert.deepEqual([answer.status, answer.code], [404, 'MF404'], method);
    }
    assert.deepEqual(await api.query('select word from secret where id = 1'), [{ word: 'hidden' }]);
  });

  it('a row that a policy refuses is 403 and says that row security did', async () => {
    const answer = await api.call('POST', '/api/secret', {
      role: 'anon',
      body: { id: 3, word: 'forbidden' },
    });
    assert.deepEqual([answer.status, answer.code], [403, 'MF403']);
    assert.match(
      `${answer.message} ${answer.fix}`,
      /row security of "secret".*create policy.*for insert to anon/,
    );
  });

  it('GET /api lists what the caller may do, and nothing of what it may not', async () => {
    const all = await api.call('GET', '/api');
    const { data, meta } = all.body;
    assert.equal(meta.count, data.length);
    assert.equal(data.filter((endpoint: { table: string }) => endpoint.table === 'track').length, 6);
    assert.equal(data.filter((endpoint: { table: string }) => endpoint.table === 'log_line').length, 2);
    assert.equal(data.filter((endpoint: { table: string }) => endpoint.table === 'track_count').length, 1);
    const own = await api.call('GET', '/api', { role: 'anon' });
    assert.deepEqual(
      own.body.data.map(
        (endpoint: { method: string; path: string }) => `${endpoint.method} ${endpoint.path}`,
      ),
      [
        'GET /api/artist',
        'GET /api/artist/{artist_id}',
        'POST /api/log_line',
        'GET /api/secret',
        'POST /api/secret',
        'GET /api/secret/{id}',
        'PUT /api/secret/{id}',
        'PATCH /api/secret/{id}',
        'DELETE /api/secret/{id}',
        'GET /api/track',
        'GET /api/track/{track_id}',
      ],
    );
    assert.equal(own.body.meta.count, 11);
  });
});
