import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { rawExchange } from './raw-exchange.ts';
import { type Served, serve } from './serve.ts';

describe('CPU: the page /docs', () => {
  let served: Served;
  let page: string;
  let links: readonly string[];
  before(async () => {
    served = await serve();
    page = await (await fetch(`${served.url}/docs`)).text();
    links = [...page.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map((match) => `/${match[1]}`);
  });
  after(() => served[Symbol.asyncDispose]());

  it('is served without a key, may run only scripts of its own origin, and is asked for again each time', async () => {
    const answer = await fetch(`${served.url}/docs`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    const tag = answer.headers.get('etag') ?? '';
    const again = await fetch(`${served.url}/docs`, { headers: { 'if-none-match': tag } });
    assert.equal(again.status, 304);
  });

  it('has no script, style or handler of its own and names no other host', () => {
    assert.doesNotMatch(page, /<style|\son\w+=|\sstyle=|<script>|https?:|\/\//);
  });

  it('its files are there with their types and kept for ever, compressed or not', async () => {
    assert.equal(links.length, 4);
    for (const link of links) {
      const plain = await fetch(served.url + link, { headers: { 'accept-encoding': 'identity' } });
      assert.equal(plain.status, 200, link);
      const type = link.endsWith('.css') ? 'text/css' : 'text/javascript';
      assert.equal(plain.headers.get('content-type'), `${type}; charset=utf-8`);
      assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.equal(plain.headers.get('content-encoding'), null);
      const bytes = Buffer.from(await plain.arrayBuffer());
      const raw = await rawGet(link, 'Accept-Encoding: gzip\r\n');
      assert.deepEqual(gunzipSync(raw), bytes);
    }
  });

  it('is the same below /p/<ref>', async () => {
    assert.equal(await (await fetch(`${served.url}/p/blog/docs`)).text(), page);
    assert.equal((await fetch(`${served.url}/p/blog${links[0]}`)).status, 200);
  });

  for (const [from, to] of [
    ['/docs/', '/docs'],
    ['/p/blog/docs/', '/p/blog/docs'],
  ] as const) {
    it(`${from} leads to ${to}, from which its links hold`, async () => {
      const answer = await fetch(served.url + from, { redirect: 'manual' });
      assert.deepEqual([answer.status, answer.headers.get('location')], [308, to]);
    });
  }

  const digest = (): string => links[0]!.split('/')[2]!;
  const refused: readonly (readonly [name: string, path: () => string])[] = [
    ['a file that is not on the list', () => `/docs/${digest()}/answer-api-page.ts`],
    ['the page as a file', () => `/docs/${digest()}/page.html`],
    ['a way up', () => `/docs/${digest()}/../page-files.ts`],
    ['an encoded way up', () => `/docs/${digest()}/..%2f..%2fpackage.json`],
    ['a name of an object', () => `/docs/${digest()}/__proto__`],
    ['a file of another version', () => '/docs/0123456789abcdef/page.js'],
    ['a file below a file', () => `/docs/${digest()}/page.js/x`],
    ['a neighbour', () => '/docsx'],
  ];
  for (const [name, path] of refused) {
    it(`${name} is 404 with the strict headers of every answer`, async () => {
      const text = await rawText(path());
      assert.match(text, /^HTTP\/1\.1 404 /);
      assert.match(text, /\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n/);
      assert.match(text, /"code":"MF104"/);
    });
  }

  it('takes GET and HEAD only', async () => {
    assert.equal((await fetch(`${served.url}/docs`, { method: 'HEAD' })).status, 200);
    const answer = await fetch(`${served.url}/docs`, { method: 'POST' });
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD']);
  });

  it('is counted under its pattern', async () => {
    const text = await served.metrics.metrics();
    assert.match(text, /magflock_http_requests_total\{method="GET",route="\/docs",status="200"\}/);
    assert.match(text, /route="\/docs\/\{file\}"/);
    assert.doesNotMatch(text, /swagger/);
  });

  it('is inspected like every other path', async () => {
    served.fakes.seen.length = 0;
    await (await fetch(`${served.url}/docs`)).text();
    assert.deepEqual(served.fakes.seen, ['inspect']);
  });

  /** Path as it is: fetch would take dots away. */
  async function rawText(path: string): Promise<string> {
    return (await exchange(path, '')).text;
  }

  async function rawGet(path: string, headers: string): Promise<Buffer> {
    const { text } = await exchange(path, headers);
    return Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
  }

  function exchange(path: string, headers: string): ReturnType<typeof rawExchange> {
    return rawExchange(served.port, `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}Connection: close\r\n\r\n`);
  }
});
