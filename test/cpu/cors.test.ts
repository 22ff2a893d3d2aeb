import assert from 'node:assert/strict';
import { fakeKeys } from '../support/fake-replicas.ts';
import { serve } from './serve.ts';

const page = 'https://app.example.org';
const preflight = {
  'Access-Control-Request-Method': 'PATCH',
  'Access-Control-Request-Headers': 'x-api-key, content-type',
};

interface Row {
  readonly name: string;
  readonly origins: readonly string[];
  readonly origin?: string;
  readonly preflight?: boolean;
  readonly path?: string;
  readonly status: number;
  readonly allowOrigin: string | null;
  readonly credentials?: string | null;
  readonly vary: string | null;
  readonly allowHeaders?: string | null;
}

const rows: readonly Row[] = [
  {
    name: 'without origins nothing is allowed',
    origins: [],
    origin: page,
    status: 200,
    allowOrigin: null,
    vary: null,
  },
  {
    name: 'a listed origin is allowed with credentials',
    origins: [page],
    origin: page,
    status: 200,
    allowOrigin: page,
    credentials: 'true',
    vary: 'Origin',
  },
  {
    name: 'a listed origin is compared without case',
    origins: ['https://App.example.org/'],
    origin: page,
    status: 200,
    allowOrigin: page,
    credentials: 'true',
    vary: 'Origin',
  },
  {
    name: 'another origin is not allowed, and caches know that it matters',
    origins: [page],
    origin: 'https://evil.example',
    status: 200,
    allowOrigin: null,
    vary: 'Origin',
  },
  {
    name: 'an origin that only begins alike is not allowed',
    origins: [page],
    origin: `${page}.evil.example`,
    status: 200,
    allowOrigin: null,
    vary: 'Origin',
  },
  {
    name: 'the null origin is not allowed',
    origins: [page],
    origin: 'null',
    status: 200,
    allowOrigin: null,
    vary: 'Origin',
  },
  { name: 'no origin still varies', origins: [page], status: 200, allowOrigin: null, vary: 'Origin' },
  {
    name: '* allows all without credentials',
    origins: ['*'],
    origin: page,
    status: 200,
    allowOrigin: '*',
    credentials: null,
    vary: null,
  },
  {
    name: '* beside others stays *',
    origins: [page, '*'],
    origin: page,
    status: 200,
    allowOrigin: '*',
    credentials: null,
    vary: null,
  },
  {
    name: 'an error can be read by an allowed page',
    origins: [page],
    origin: page,
    path: '/api/nothing',
    status: 404,
    allowOrigin: page,
    vary: 'Origin',
  },
  {
    name: 'a preflight needs no key',
    origins: [page],
    origin: page,
    preflight: true,
    status: 204,
    allowOrigin: page,
    vary: 'Origin',
    allowHeaders: 'x-api-key, content-type',
  },
  {
    name: 'a preflight of * is allowed',
    origins: ['*'],
    origin: page,
    preflight: true,
    status: 204,
    allowOrigin: '*',
    vary: null,
    allowHeaders: 'x-api-key, content-type',
  },
  {
    name: 'a preflight of a stranger gets no permission',
    origins: [page],
    origin: 'https://evil.example',
    preflight: true,
    status: 204,
    allowOrigin: null,
    vary: 'Origin',
    allowHeaders: null,
  },
  {
    name: 'a preflight without origins gets no permission',
    origins: [],
    origin: page,
    preflight: true,
    status: 204,
    allowOrigin: null,
    vary: null,
    allowHeaders: null,
  },
];

describe('cross-origin requests', () => {
  for (const row of rows) {
    it(row.name, async () => {
      await using served = await serve({ corsOrigins: row.origins });
      const headers: Record<string, string> =
        row.preflight === true ? { ...preflight } : { 'X-API-Key': fakeKeys.public };
      if (row.origin !== undefined) headers['Origin'] = row.origin;
      const method = row.preflight === true ? 'OPTIONS' : 'GET';
      const answer = await fetch(served.url + (row.path ?? '/api/track'), { method, headers });
      await answer.text();
      assert.equal(answer.status, row.status);
      assert.equal(answer.headers.get('access-control-allow-origin'), row.allowOrigin);
      assert.equal(answer.headers.get('vary'), row.vary);
      if (row.credentials !== undefined)
        assert.equal(answer.headers.get('access-control-allow-credentials'), row.credentials);
      if (row.allowHeaders !== undefined)
        assert.equal(answer.headers.get('access-control-allow-headers'), row.allowHeaders);
      if (row.allowOrigin === null) assert.equal(answer.headers.get('access-control-allow-methods'), null);
    });
  }

  it('a preflight does not hand odd header names back', async () => {
    await using served = await serve({ corsOrigins: ['*'] });
    const headers = {
      Origin: page,
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'a"<b>',
    };
    const answer = await fetch(`${served.url}/api/track`, { method: 'OPTIONS', headers });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('access-control-allow-headers'), null);
  });
});
