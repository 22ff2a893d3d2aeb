import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';
import { chinookLike } from './chinook-like.ts';

/** Texts that would do harm if any of them became SQL. */
const payloads = [
  "' or '1'='1",
  "'; drop table canary; --",
  '"; drop table canary; --',
  '"); drop table canary; --',
  '\\"; drop table canary; --',
  "\\'; drop table canary; --",
  '1; drop table canary',
  '1 or 1=1',
  '1) or (1=1',
  '$1); drop table canary; --',
  '$$; drop table canary; $$',
  "E'\\x27; drop table canary; --'",
  'id" , (select word from secret) as "x',
  '(select word from secret)',
  'pg_sleep(10)',
  "'||(select word from secret)||'",
  '/**/union/**/select/**/word/**/from/**/secret--',
  '{1,2}; drop table canary',
  '"a"::text; drop table canary',
  "%'; drop table canary; --",
  '\u0027; drop table canary; --',
  'ʼ; drop table canary; --',
  "name'::text",
  't."word"',
];

describe('MagGate: SQL injection', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    api = await openApi(`${chinookLike};
      create table canary (id int);
      create table target (id int primary key, name text, tags text[], doc jsonb);
      insert into target values (1, 'one', '{a}', '{}');`);
  });
  after(() => api.close());

  type Attack = (payload: string) => readonly [method: string, path: string, body?: unknown];
  const quoted = (payload: string) => JSON.stringify(payload);
  const encoded = encodeURIComponent;
  const positions: Readonly<Record<string, Attack>> = {
    'table name': (payload) => ['GET', `/api/${encoded(payload)}`],
    id: (payload) => ['GET', `/api/target/${encoded(payload)}`],
    'part of a composite id': (payload) => ['GET', `/api/tag/${encoded(payload)},${encoded(payload)}`],
    'id of a delete': (payload) => ['DELETE', `/api/target/${encoded(payload)}`],
    'filter value': (payload) => ['GET', `/api/target?name=${encoded(payload)}`],
    'filter value with an operator': (payload) => ['GET', `/api/target?name=not.ilike.${encoded(payload)}`],
    'numeric filter value': (payload) => ['GET', `/api/target?id=gte.${encoded(payload)}`],
    'item of in': (payload) => ['GET', `/api/target?name=in.(x,${encoded(quoted(payload))})`],
    'bare item of in': (payload) => ['GET', `/api/target?name=in.${encoded(payload)}`],
    'array filter value': (payload) => ['GET', `/api/target?tags=${encoded(payload)}`],
    'json filter value': (payload) => ['GET', `/api/target?doc=${encoded(payload)}`],
    'test of is': (payload) => ['GET', `/api/target?name=is.${encoded(payload)}`],
    'filter name': (payload) => ['GET', `/api/target?${encoded(payload)}=1`],
    'filter name behind col.': (payload) => ['GET', `/api/target?col.${encoded(payload)}=1`],
    operator: (payload) => ['GET', `/api/target?name=${encoded(payload)}.x`],
    sort: (payload) => ['GET', `/api/target?sort=${encoded(payload)}`],
    'quoted sort': (payload) => ['GET', `/api/target?sort=${encoded(quoted(payload))}:desc`],
    'direction of sort': (payload) => ['GET', `/api/target?sort=name:${encoded(payload)}`],
    fields: (payload) => ['GET', `/api/target?fields=${encoded(payload)}`],
    'quoted fields': (payload) => ['GET', `/api/target?fields=id,${encoded(quoted(payload))}`],
    limit: (payload) => ['GET', `/api/target?limit=${encoded(payload)}`],
    page: (payload) => ['GET', `/api/target?page=${encoded(payload)}`],
    count: (payload) => ['GET', `/api/target?count=${encoded(payload)}`],
    q: (payload) => ['GET', `/api/target?q=${encoded(payload)}`],
    'body key': (payload) => ['POST', '/api/target', { id: 2, [payload]: 1 }],
    'body value': (payload) => ['PATCH', '/api/target/1', { name: payload }],
    'body value of a number': (payload) => ['POST', '/api/target', { id: payload }],
    'body array item': (payload) => ['PATCH', '/api/target/1', { tags: [payload, [payload]] }],
    'body json': (payload) => ['PATCH', '/api/target/1', { doc: { [payload]: payload } }],
    'fields of a write': (payload) => ['PATCH', `/api/target/1?fields=${encoded(payload)}`, { name: 'x' }],
  };

  for (const [position, attack] of Object.entries(positions)) {
    it(`in the ${position} is only ever a value or an error`, async () => {
      for (const payload of payloads) {
        const [method, path, body] = attack(payload);
        const started = Date.now();
        const answer = await api.call(method, path, body === undefined ? {} : { body });
        const where = `${position}: ${payload} → ${answer.status} ${answer.message}`;
        assert.ok(Date.now() - started < 2000, where);
        assert.ok(answer.status < 500, where);
        assert.equal(answer.text.includes('hidden'), false, where);
        if (answer.plan !== undefined) assert.equal(answer.plan.sql.includes(payload), false, where);
      }
      // The canary sings as long as nothing was run that should not have been.
      assert.deepEqual(await api.query(`select to_regclass('canary') is not null as alive`), [
        { alive: true },
      ]);
    });
  }

  it('a payload as a value is stored and found as it is', async () => {
    for (const [index, payload] of payloads.entries()) {
      const id = 100 + index;
      const created = await api.call('POST', '/api/target', { body: { id, name: payload, tags: [payload] } });
      assert.equal(created.status, 201, created.message);
      assert.deepEqual([created.body.data.name, created.body.data.tags], [payload, [payload]]);
      const found = await api.call('GET', `/api/target?name=eq.${encoded(payload)}&id=${id}`);
      assert.equal(found.body?.data?.length, 1, payload);
      const searched = await api.call('GET', `/api/target?q=${encoded(payload)}&id=${id}`);
      assert.equal(searched.body?.data?.length, 1, payload);
      const one = await api.call('GET', `/api/target?name=in.${encoded(quoted(payload))}&id=${id}`);
      assert.equal(one.body?.data?.length, 1, payload);
    }
  });

  it('hostile names in the catalogue stay names', async () => {
    const name = `x"; drop table canary; --`;
    const column = `y' \\ "; drop table canary; --`;
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await api.sql(`create type pair as (a int, b int);
      create table ${quote(name)} (${quote(column)} text primary key, ${quote(`${column}2`)} pair);
      grant all on ${quote(name)} to service_role`);
    await api.reload();
    const path = `/api/${encoded(name)}`;
    const body = { [column]: 'v', [`${column}2`]: { a: 1, b: 2 } };
    const created = await api.call('POST', path, { body });
    assert.deepEqual(created.body?.data, body, created.message);
    assert.equal(
      (await api.call('GET', `${path}?${encoded(column)}=v&sort=${encoded(quoted(column))}`)).status,
      200,
    );
    assert.equal((await api.call('PATCH', `${path}/v`, { body: { [`${column}2`]: { a: 3 } } })).status, 200);
    assert.equal((await api.call('DELETE', `${path}/v`)).status, 204);
    assert.equal((await api.call('DELETE', `${path}/v`)).code, 'MF404');
    assert.equal((await api.call('GET', '/api/openapi.json')).status, 200);
    assert.deepEqual(await api.query(`select to_regclass('canary') is not null as alive`), [{ alive: true }]);
  });
});
