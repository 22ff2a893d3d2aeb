import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';

describe('MagGate: conditions that a hook puts on rows', () => {
  let api: Api;
  before(async function () {
    this.timeout(60_000);
    api =
      await openApi(`create table note (id integer primary key, title text, stars integer, gone timestamptz);
      insert into note values (1, 'kept', 3, null), (2, 'gone', 5, now()), (3, 'low', 1, null)`);
  });
  after(() => api.close());

  const filter = 'gone=is.null';
  const rows: [method: string, path: string, filter: string, body: unknown, status: number][] = [
    ['GET', '/api/note/1', filter, undefined, 200],
    ['GET', '/api/note/2', filter, undefined, 404],
    ['GET', '/api/note/1?fields=title', `${filter}&stars=gte.2`, undefined, 200],
    ['GET', '/api/note/3', `${filter}&stars=gte.2`, undefined, 404],
    ['GET', '/api/note/1', 'stars=in.1,3', undefined, 200],
    ['PATCH', '/api/note/2', filter, { title: 'no' }, 404],
    ['PATCH', '/api/note/1', `${filter}&stars=eq.3`, { title: 'kept' }, 200],
    ['PUT', '/api/note/2', filter, { title: 'no' }, 404],
    ['PUT', '/api/note/1', `stars=lt.9&${filter}`, { id: 1, title: 'kept', stars: 3 }, 200],
    ['DELETE', '/api/note/2', filter, undefined, 404],
    ['GET', '/api/note/1', 'nothing=eq.1', undefined, 400],
    ['GET', '/api/note/1', 'limit=1', undefined, 400],
    ['GET', '/api/note/1', "title=eq.x' or '1'='1", undefined, 404],
    ['DELETE', '/api/note/3', `${filter}&stars=eq.1`, undefined, 204],
  ];
  for (const [method, path, demanded, body, status] of rows) {
    it(`${method} ${path} where ${demanded}: ${status}`, async () => {
      const answer = await api.call(method, path, {
        filter: demanded,
        ...(body === undefined ? {} : { body }),
      });
      assert.equal(answer.status, status, JSON.stringify(answer.body));
    });
  }

  it('a list has both the conditions of the caller and of the hook', async () => {
    const answer = await api.call('GET', '/api/note?stars=gte.2', { filter });
    assert.deepEqual(
      answer.body.data.map((row: { id: number }) => row.id),
      [1],
    );
  });

  it('plans with and without conditions do not share a template', () => {
    const sql = (demanded?: string) => {
      const planned = api.plan('GET', '/api/note/1', demanded === undefined ? {} : { filter: demanded });
      return 'sql' in planned ? `${planned.shape} ${planned.sql}` : '';
    };
    const texts = [sql(), sql(filter), sql('gone=is.not_null'), sql('stars=eq.1'), sql()];
    assert.equal(new Set(texts).size, 4);
    assert.equal(texts[0], texts[4]);
  });
});
