import assert from 'node:assert/strict';
import { fakeKeys, uniqueViolation } from '../support/fake-replicas.ts';
import { serve } from './serve.ts';

const json = { 'Content-Type': 'application/json' };

describe('what the stages make of a request', () => {
  it('gives the gateway the facts of the request and no key', async () => {
    await using served = await serve();
    const headers = {
      'X-API-Key': fakeKeys.secret,
      apikey: 'a',
      Authorization: 'b',
      Cookie: 'c',
      Prefer: 'count=exact',
      ...json,
    };
    await fetch(`${served.url}/p/shop/api/track/a%2Fb?x=1&x=2`, {
      method: 'PUT',
      headers,
      body: '{"n":9007199254740993}',
    });
    const request = served.fakes.lastRequest;
    assert.equal(request?.project, 'shop');
    assert.equal(request?.path, '/api/track/a%2Fb');
    assert.equal(request?.mountedPath, '/track/a%2Fb');
    assert.equal(request?.query, 'x=1&x=2');
    assert.equal(request?.visibleAs, 'service_role');
    assert.equal(request?.headers['prefer'], 'count=exact');
    assert.equal(
      request?.json?.kind === 'object' && request.json.entries.get('n')?.source,
      '9007199254740993',
    );
    for (const name of ['x-api-key', 'apikey', 'authorization', 'cookie'])
      assert.equal(request?.headers[name], undefined);
    assert.ok(!JSON.stringify(request).includes(fakeKeys.secret));
  });

  it('puts the project before the links of a gateway', async () => {
    await using served = await serve();
    served.fakes.gateway.answer = () => ({ status: 201, headers: { location: '/api/track/7' }, body: '{}' });
    const post = (path: string) =>
      fetch(served.url + path, {
        method: 'POST',
        body: '{}',
        headers: { 'X-API-Key': fakeKeys.public, ...json },
      });
    assert.equal((await post('/p/shop/api/track')).headers.get('location'), '/p/shop/api/track/7');
    assert.equal((await post('/api/track')).headers.get('location'), '/api/track/7');
    const missing = (await (await post('/p/shop/api/nothing')).json()) as { instance: string };
    assert.equal(missing.instance, '/p/shop/api/nothing');
  });

  it('finds no inherited names among the headers', async () => {
    await using served = await serve();
    await fetch(`${served.url}/api/track`, { headers: { 'X-API-Key': fakeKeys.public } });
    const headers = served.fakes.lastRequest?.headers ?? {};
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      assert.equal(headers[name], undefined);
  });

  it('tells Server-Timing to a secret key only', async () => {
    await using served = await serve();
    const as = (key: string) => fetch(`${served.url}/api/track`, { headers: { 'X-API-Key': key } });
    const secret = (await as(fakeKeys.secret)).headers.get('server-timing');
    assert.match(
      secret ?? '',
      /^receive;dur=\d+\.\d\d, inspect;dur=.*, execute;dur=[\d.]+, after-hooks;dur=[\d.]+, database;dur=0\.50$/,
    );
    assert.equal((await as(fakeKeys.public)).headers.get('server-timing'), null);
  });

  it('wakes the sealer of a written project once for many writes', async () => {
    await using served = await serve();
    const write = () =>
      fetch(`${served.url}/p/shop/api/track`, {
        method: 'POST',
        body: '{}',
        headers: { 'X-API-Key': fakeKeys.public, ...json },
      });
    await Promise.all(Array.from({ length: 20 }, write));
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.ok(served.woken.length >= 1 && served.woken.length < 20, `${served.woken.length} wakes`);
    assert.deepEqual(new Set(served.woken), new Set(['shop']));
  });

  it('does not wake the sealer for reads and refused writes', async () => {
    await using served = await serve();
    served.fakes.onExecute = () => Promise.reject(uniqueViolation());
    const headers = { 'X-API-Key': fakeKeys.public, ...json };
    await fetch(`${served.url}/api/track`, { headers });
    await fetch(`${served.url}/api/track`, { method: 'POST', body: '{}', headers });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(served.woken, []);
  });
});
