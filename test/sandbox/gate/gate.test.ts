import assert from 'node:assert/strict';
import type { ActiveRoute } from '../../../runtime/protocol/extensions.protocol.ts';
import type { GatewayRequest } from '../../../runtime/protocol/gateway.protocol.ts';
import { guestAnswer } from '../../../sandbox/gate/guest-answer.ts';
import { guestRequest } from '../../../sandbox/gate/guest-request.ts';
import { RouteTable } from '../../../sandbox/gate/route-table.ts';

function route(method: string, path: string, prefix = 'hello'): ActiveRoute {
  return { extension: `acme.${prefix}`, prefix, method, path, public: false };
}

function tableOf(routes: readonly ActiveRoute[]): RouteTable {
  const table = new RouteTable();
  table.set({ version: 1, projects: { main: { hooks: [], routes } } });
  return table;
}

describe('the gate of the CPU threads', () => {
  const routes = [
    route('GET', '/'),
    route('GET', '/hello/:who'),
    route('POST', '/hello/:who'),
    route('GET', '/files/*'),
    route('GET', '/in', '/hooks/pay'),
    route('GET', '/x', '/report'),
    route('GET', '/y', 'report'),
  ];
  const rows: [method: string, path: string, found: string | undefined][] = [
    ['GET', '/ext/hello', '/ {}'],
    ['GET', '/ext/hello/', '/ {}'],
    ['GET', '/ext/hello/hello/you', '/hello/:who {"who":"you"}'],
    ['GET', '/ext/hello/hello/a%2Fb', '/hello/:who {"who":"a/b"}'],
    ['GET', '/ext/hello/hello/__proto__', '/hello/:who {"who":"__proto__"}'],
    ['GET', '/ext/hello/files/a/b', '/files/* {"*":"a/b"}'],
    ['PUT', '/ext/hello/hello/you', 'allow GET,POST'],
    ['GET', '/ext/hello/hello/%zz', undefined],
    ['GET', '/ext/hello/hello', undefined],
    ['GET', '/ext/other/hello/you', undefined],
    ['GET', '/ext/helloo', undefined],
    ['GET', '/hooks/pay/in', '/in {}'],
    ['GET', '/hooks/payed/in', undefined],
    ['GET', '/ext/hooks/pay/in', undefined],
    ['GET', '/hello', undefined],
    ['GET', '/ext/report/x', undefined],
    ['GET', '/report/x', '/x {}'],
  ];
  for (const [method, path, wanted] of rows) {
    it(`${method} ${path} leads to ${wanted ?? 'nothing'}`, () => {
      const found = tableOf(routes).find('main', method, path);
      const shown =
        found === undefined
          ? undefined
          : 'allow' in found
            ? `allow ${found.allow}`
            : `${found.route.path} ${JSON.stringify(found.params)}`;
      assert.equal(shown, wanted);
    });
  }

  it('serves no route in a project that does not have the extension', () => {
    assert.equal(tableOf(routes).find('shop', 'GET', '/ext/hello'), undefined);
  });

  it('gives an extension no key and no cookie', () => {
    const request = {
      id: 'r1',
      project: 'main',
      method: 'GET',
      path: '/ext/hello',
      query: 'a=1&b=x%20y&b=z&__proto__=q',
      headers: { 'x-api-key': 'k', apikey: 'k', authorization: 'k', cookie: 'k', accept: 'text/html' },
      body: undefined,
      mountedPath: '/hello',
    } as unknown as GatewayRequest;
    const found = { route: route('GET', '/'), params: {}, path: '/' };
    const guest = guestRequest(request, found, { role: 'anon', claims: '{"sub":"u"}' });
    assert.deepEqual(guest.headers, { accept: 'text/html' });
    assert.equal(
      JSON.stringify(guest.query),
      JSON.stringify(JSON.parse('{"a":"1","b":["x y","z"],"__proto__":"q"}')),
    );
    assert.deepEqual([guest.role, guest.claims], ['anon', { sub: 'u' }]);
    assert.equal(guestRequest(request, found, null).role, null);
  });

  const answers: [given: Parameters<typeof guestAnswer>[0], headers: object, body: string][] = [
    [{ body: { a: 1 } }, { 'content-type': 'application/json; charset=utf-8' }, '{"a":1}'],
    [{ body: 'text' }, { 'content-type': 'text/plain; charset=utf-8' }, 'text'],
    [null, {}, ''],
    [{ headers: { 'Set-Cookie': 'a=b', 'Access-Control-Allow-Origin': '*', Connection: 'x' } }, {}, ''],
    [{ headers: { 'X-Own': 'a', 'X-Request-Id': 'forged', 'X-Split': 'a\r\nb: c' } }, { 'x-own': 'a' }, ''],
    [{ headers: { 'Content-Security-Policy': 'none', 'Content-Length': '7', ETag: '"x"' } }, {}, ''],
    [
      { headers: { 'Cache-Control': 'public, max-age=60, s-maxage=90' } },
      { 'cache-control': 'private, max-age=60' },
      '',
    ],
    [{ headers: { 'Cache-Control': 'max-age=60' } }, { 'cache-control': 'private, max-age=60' }, ''],
    [{ headers: { 'Cache-Control': 'no-store' } }, { 'cache-control': 'no-store' }, ''],
    [{ status: 204, body: { a: 1 } }, { 'content-type': 'application/json; charset=utf-8' }, ''],
  ];
  for (const [given, headers, body] of answers) {
    it(`answers ${JSON.stringify(given)} with harmless headers only`, () => {
      const answer = guestAnswer(given);
      assert.deepEqual(answer.headers, headers);
      assert.equal(answer.body, body);
    });
  }
});
