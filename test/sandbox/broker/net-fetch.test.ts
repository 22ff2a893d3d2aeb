import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { addressGuard } from '../../../sandbox/broker/capabilities/net/address-guard.ts';
import {
  type FetchAnswer,
  netFetchCapability,
} from '../../../sandbox/broker/capabilities/net-fetch.capability.ts';
import type { Capability } from '../../../sandbox/broker/capability.ts';
import { aCall } from './a-call.ts';
import { refusedWith } from './refused-with.ts';

type Seen = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { body: string };

describe('sandbox: net.fetch', () => {
  let server: Server;
  let port = 0;
  let connections = 0;
  const seen: Seen[] = [];
  let capability: Capability;
  /** Names of this suite stand for the local server; anything else for what the row says. */
  let names: Record<string, string[]> = {};

  before((done) => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        answer(request, response);
      });
    });
    server.on('connection', () => {
      connections += 1;
    });
    server.listen(0, '127.0.0.1', () => {
      port = (server.address() as AddressInfo).port;
      done();
    });
  });
  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  beforeEach(() => {
    seen.length = 0;
    connections = 0;
    names = {};
    capability = netFetchCapability({ resolve: resolver, allowPrivate: ['127.0.0.1/32'] });
  });
  afterEach(async () => {
    await capability.release?.('acme.one');
  });

  async function resolver(host: string): Promise<readonly { address: string; family: number }[]> {
    const found = names[host] ?? ['127.0.0.1'];
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://server');
    const to = url.searchParams.get('to');
    if (to !== null) {
      response.writeHead(Number(url.searchParams.get('status') ?? 302), { location: to }).end('moved');
    } else if (url.pathname === '/long') {
      const chunk = Buffer.alloc(64 * 1024, 97);
      const more = (): void => {
        while (response.write(chunk));
      };
      response.on('drain', more);
      more();
    } else if (url.pathname === '/bomb') {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
    } else if (url.pathname === '/br') {
      response.setHeader('content-encoding', 'br');
      response.end(brotliCompressSync('packed'));
    } else if (url.pathname === '/odd') {
      response.setHeader('content-encoding', 'compress');
      response.end('x');
    } else if (url.pathname === '/broken') {
      response.setHeader('content-encoding', 'gzip');
      response.end('no gzip at all');
    } else if (url.pathname === '/never') {
      response.writeHead(200).write('a');
    } else {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.end('hello');
    }
  }

  function fetch(
    url: string,
    options: object = {},
    more: Parameters<typeof aCall>[0] = {},
    using = capability,
  ): Promise<FetchAnswer> {
    const call = aCall({ scopes: [`api.test:${port}`], args: [url, options], ...more });
    return using.methods['fetch']?.(call) as Promise<FetchAnswer>;
  }
  const at = (path: string): string => `http://api.test:${port}${path}`;

  it('fetches from a host of its list', async () => {
    const got = await fetch(at('/x?y=1'), { method: 'post', body: 'hi', headers: { 'X-Mine': '1' } });
    assert.equal(got.status, 200);
    assert.equal(got.body, 'hello');
    assert.equal(got.headers['set-cookie'], 'a=1, b=2');
    assert.equal(seen[0]?.method, 'POST');
    assert.equal(seen[0]?.body, 'hi');
    assert.equal(seen[0]?.headers['x-mine'], '1');
    assert.equal(seen[0]?.headers.host, `api.test:${port}`);
  });

  it('keeps no cookies', async () => {
    await fetch(at('/'));
    await fetch(at('/'));
    assert.equal(seen[1]?.headers.cookie, undefined);
  });

  it('gives bytes as base64', async () => {
    assert.equal(
      (await fetch(at('/'), { encoding: 'base64' })).body,
      Buffer.from('hello').toString('base64'),
    );
  });

  it('unpacks what a server packed', async () => {
    assert.equal((await fetch(at('/br'))).body, 'packed');
  });

  it('takes no proxy from the environment', async () => {
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = 'http://127.0.0.1:9';
    try {
      assert.equal((await fetch(at('/'))).status, 200);
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
  });

  it('spends both ways', async () => {
    let spent = 0;
    await fetch(
      at('/'),
      { method: 'POST', body: 'x'.repeat(10_000) },
      { spend: (_, amount) => (spent += amount) },
    );
    assert.ok(spent > 10_000 + 1_000 && spent < 20_000, String(spent));
  });

  const urls: readonly (readonly [url: string, scopes: readonly string[], rule: string])[] = [
    ['http://127.0.0.1/', ['*'], 'address'],
    ['http://2130706433/', ['*'], 'address'],
    ['http://0177.0.0.1/', ['*'], 'address'],
    ['http://0x7f.1/', ['*'], 'address'],
    ['http://0x7f000001/', ['*'], 'address'],
    ['http://127.1/', ['*'], 'address'],
    ['http://①②⑦.⓪.⓪.①/', ['*'], 'address'],
    ['http://0/', ['*'], 'address'],
    ['http://[::1]/', ['*'], 'address'],
    ['http://[::]/', ['*'], 'address'],
    ['http://[::ffff:127.0.0.1]/', ['*'], 'address'],
    ['http://[::ffff:7f00:1]/', ['*'], 'address'],
    ['http://[::127.0.0.1]/', ['*'], 'address'],
    ['http://[64:ff9b::127.0.0.1]/', ['*'], 'address'],
    ['http://[64:ff9b:1::a00:1]/', ['*'], 'address'],
    ['http://[2002:7f00:1::]/', ['*'], 'address'],
    ['http://[2001:0:1::]/', ['*'], 'address'],
    ['http://[fe80::1]/', ['*'], 'address'],
    ['http://[fd00:ec2::254]/', ['*'], 'address'],
    ['http://[fec0::1]/', ['*'], 'address'],
    ['http://[ff02::1]/', ['*'], 'address'],
    ['http://[4000::1]/', ['*'], 'address'],
    ['http://169.254.169.254/latest/meta-data', ['*'], 'address'],
    ['http://10.0.0.1/', ['*'], 'address'],
    ['http://172.16.0.1/', ['*'], 'address'],
    ['http://192.168.1.1/', ['*'], 'address'],
    ['http://100.64.0.1/', ['*'], 'address'],
    ['http://192.0.2.1/', ['*'], 'address'],
    ['http://198.18.0.1/', ['*'], 'address'],
    ['http://224.0.0.1/', ['*'], 'address'],
    ['http://255.255.255.255/', ['*'], 'address'],
    ['http://localhost/', ['*'], 'address'],
    ['http://localhost./', ['*'], 'address'],
    ['http://two-faced.test/', ['*'], 'address'],
    ['http://localhost@api.test/', ['api.test'], 'credentials'],
    ['http://api.test@localhost/', ['api.test'], 'credentials'],
    ['http://api.test:x@localhost/', ['*'], 'credentials'],
    ['http://api.test\\@localhost/', ['localhost'], 'host'],
    ['http://api.test#@localhost/', ['localhost'], 'host'],
    ['http://evil.test/?api.test', ['api.test'], 'host'],
    ['http://api.test.evil.test/', ['api.test'], 'host'],
    ['http://evilapi.test/', ['*.api.test'], 'host'],
    ['http://api.test/', ['*.api.test'], 'host'],
    ['http://api.test:8080/', ['api.test'], 'host'],
    ['http://api.test:8080/', ['*'], 'host'],
    ['http://api.test:22/', ['api.test:8080'], 'host'],
    ['http://аpi.test/', ['api.test'], 'host'],
    ['http://[api.test]/', ['api.test'], 'url'],
    ['http://api.test%00.evil.test/', ['*'], 'url'],
    ['/relative', ['*'], 'url'],
    ['', ['*'], 'url'],
    ['file:///etc/passwd', ['*'], 'scheme'],
    ['data:text/plain,x', ['*'], 'scheme'],
    ['unix:/run/control.sock', ['*'], 'scheme'],
    ['http+unix://%2Frun%2Fcontrol.sock/', ['*'], 'scheme'],
    ['ftp://api.test/', ['*'], 'scheme'],
    ['ws://api.test/', ['*'], 'scheme'],
    ['javascript:1', ['*'], 'scheme'],
    ['blob:http://api.test/x', ['*'], 'scheme'],
  ];
  for (const [url, scopes, rule] of urls) {
    it(`refuses ${url} with ${scopes.join()}: ${rule}`, async () => {
      const strict = netFetchCapability({
        resolve: async (host) =>
          host === 'two-faced.test'
            ? [
                { address: '93.184.215.14', family: 4 },
                { address: '10.0.0.1', family: 4 },
              ]
            : [{ address: '127.0.0.1', family: 4 }],
      });
      await assert.rejects(fetch(url, {}, { scopes }, strict), refusedWith('MF672', { rule }));
      await strict.release?.('acme.one');
      assert.equal(connections, 0);
    });
  }

  it('a refusal does not tell which address a name has', async () => {
    names['inside.test'] = ['10.1.2.3'];
    const error = await fetch('http://inside.test/', {}, { scopes: ['*'] }).catch((thrown: Error) => thrown);
    assert.ok(!JSON.stringify((error as { toEnvelope?(): unknown }).toEnvelope?.()).includes('10.1.2.3'));
  });

  it('a resolver that answers otherwise the second time is asked once per connection, and checked', async () => {
    const answers = ['127.0.0.1', '127.0.0.2'];
    let asked = 0;
    const rebound = netFetchCapability({
      allowPrivate: ['127.0.0.1/32'],
      resolve: async () => [{ address: answers[Math.min(asked++, 1)] as string, family: 4 }],
    });
    assert.equal((await fetch(at('/'), {}, {}, rebound)).status, 200);
    assert.equal(asked, 1);
    await rebound.release?.('acme.one');
    // A new connection, the second answer: nothing is connected.
    await assert.rejects(fetch(at('/'), {}, {}, rebound), refusedWith('MF672', { rule: 'address' }));
    await rebound.release?.('acme.one');
    assert.equal(connections, 1);
  });

  it('an operator can allow a range, and no form of it inside IPv6', () => {
    const may = addressGuard(['10.0.0.0/8']);
    assert.equal(may('10.1.2.3'), true);
    assert.equal(may('::ffff:10.1.2.3'), false);
    assert.equal(may('192.168.0.1'), false);
    assert.equal(may('8.8.8.8'), true);
    assert.equal(may('2001:4860:4860::8888'), true);
    assert.equal(may('no address'), false);
    assert.equal(addressGuard(['127.0.0.1'])('127.0.0.1'), true);
    assert.equal(addressGuard(['127.0.0.1'])('127.0.0.2'), false);
    assert.throws(() => addressGuard(['10.0.0.0/99']));
  });

  it('follows redirects within the list', async () => {
    const got = await fetch(at(`/?to=/final`), {
      method: 'POST',
      body: 'secret',
      headers: { 'content-type': 'a/b' },
    });
    assert.equal(got.url, at('/final'));
    assert.equal(seen[1]?.method, 'GET');
    assert.equal(seen[1]?.body, '');
    assert.equal(seen[1]?.headers['content-type'], undefined);
  });

  it('307 repeats method and body', async () => {
    await fetch(at('/?status=307&to=/final'), { method: 'POST', body: 'again' });
    assert.equal(seen[1]?.method, 'POST');
    assert.equal(seen[1]?.body, 'again');
  });

  it('gives no credentials to another origin', async () => {
    const headers = { authorization: 'Bearer x', 'x-api-key': 'k', cookie: 'c=1', accept: 'a/b' };
    const scopes = [`api.test:${port}`, `other.test:${port}`];
    await fetch(at(`/?to=http://other.test:${port}/`), { headers }, { scopes });
    assert.equal(seen[0]?.headers.authorization, 'Bearer x');
    assert.equal(seen[1]?.headers.authorization, undefined);
    assert.equal(seen[1]?.headers['x-api-key'], undefined);
    assert.equal(seen[1]?.headers.cookie, undefined);
    assert.equal(seen[1]?.headers.accept, 'a/b');
  });

  it('hands a redirect over when asked not to follow', async () => {
    const got = await fetch(at('/?to=http://evil.test/'), { redirect: 'manual' });
    assert.equal(got.status, 302);
  });

  const redirects: readonly (readonly [to: string, scopes: readonly string[], rule: string])[] = [
    ['http://169.254.169.254/latest', ['*'], 'address'],
    ['http://localhost:80/', ['*'], 'address'],
    ['http://evil.test/', [], 'host'],
    ['http://api.test:1/', [], 'host'],
    ['file:///etc/passwd', ['*'], 'scheme'],
    ['http://x:y@api.test/', ['*'], 'credentials'],
    ['http://[', ['*'], 'url'],
  ];
  for (const [to, scopes, rule] of redirects) {
    it(`a redirect to ${to} is refused: ${rule}`, async () => {
      names['localhost'] = ['127.0.0.9'];
      const all = [`api.test:${port}`, ...scopes];
      await assert.rejects(
        fetch(at(`/?to=${encodeURIComponent(to)}`), {}, { scopes: all }),
        refusedWith('MF672', { rule }),
      );
      assert.equal(seen.length, 1);
    });
  }

  it('redirects end after five', async () => {
    const loop = `/?to=${encodeURIComponent(at('/loop'))}`;
    const to = (depth: number): string => (depth === 0 ? loop : `/?to=${encodeURIComponent(to(depth - 1))}`);
    await assert.rejects(fetch(at(to(6))), refusedWith('MF672', { rule: 'redirect' }));
    assert.equal(seen.length, 6);
  });

  const asked: readonly (readonly [name: string, options: unknown, rule: string])[] = [
    ['Host', { headers: { Host: 'x' } }, 'header'],
    ['Connection', { headers: { connection: 'close' } }, 'header'],
    ['Transfer-Encoding', { headers: { 'Transfer-Encoding': 'chunked' } }, 'header'],
    ['Content-Length', { headers: { 'content-length': '0' } }, 'header'],
    ['Proxy-Authorization', { headers: { 'Proxy-Authorization': 'x' } }, 'header'],
    ['X-Forwarded-For', { headers: { 'X-Forwarded-For': '127.0.0.1' } }, 'header'],
    ['CRLF in a value', { headers: { a: 'x\r\nHost: evil' } }, 'header'],
    ['CRLF in a name', { headers: { 'a\r\nHost': 'evil' } }, 'header'],
    ['NUL in a value', { headers: { a: 'x\0' } }, 'header'],
    ['the same header twice', { headers: { a: '1', A: '2' } }, 'header'],
    ['a list as value', { headers: { a: ['1'] } }, 'header'],
    [
      'too many headers',
      { headers: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`h${i}`, ''])) },
      'header',
    ],
    ['headers as list', { headers: [['a', 'b']] }, 'header'],
    ['CONNECT', { method: 'CONNECT' }, 'method'],
    ['TRACE', { method: 'TRACE' }, 'method'],
    ['a method with CRLF', { method: 'GET / HTTP/1.1\r\n' }, 'method'],
    ['a number as method', { method: 1 }, 'method'],
    ['an unknown option', { dispatcher: {} }, 'method'],
    ['options as text', 'GET', 'method'],
    ['a body of an object', { method: 'POST', body: { a: 1 } }, 'body'],
    ['a body too long', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) }, 'body'],
    ['a body with GET', { body: 'x' }, 'body'],
    ['a timeout that is none', { timeoutMs: 'soon' }, 'method'],
    ['NaN as timeout', { timeoutMs: Number.NaN }, 'method'],
  ];
  for (const [name, options, rule] of asked) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(fetch(at('/'), options as object), refusedWith('MF672', { rule }));
      assert.equal(seen.length, 0);
    });
  }

  it('options of the prototype are none', async () => {
    const options = JSON.parse('{"__proto__":{"method":"DELETE"}}') as object;
    await assert.rejects(fetch(at('/'), options), refusedWith('MF672', { rule: 'method' }));
  });

  for (const [path, rule] of [
    ['/long', 'response'],
    ['/bomb', 'response'],
    ['/odd', 'encoding'],
    ['/broken', 'encoding'],
  ] as const) {
    it(`refuses the answer of ${path}: ${rule}`, async () => {
      await assert.rejects(fetch(at(path)), refusedWith('MF672', { rule }));
    });
  }

  it('an answer that never ends is ended in time', async () => {
    await assert.rejects(fetch(at('/never'), { timeoutMs: 50 }), refusedWith('MF602'));
    await assert.rejects(fetch(at('/never'), {}, { deadline: Date.now() + 50 }), refusedWith('MF602'));
  });

  it('a resolver that never answers holds nobody', async () => {
    const silent = netFetchCapability({ resolve: () => new Promise(() => {}) });
    await assert.rejects(fetch(at('/'), { timeoutMs: 30 }, {}, silent), refusedWith('MF602'));
    await silent.release?.('acme.one');
  });

  it('a call that is aborted ends its request', async () => {
    const call = new AbortController();
    const reason = new Error('revoked');
    const waiting = fetch(at('/never'), {}, { signal: call.signal });
    const closed = once(server, 'request').then(async ([, response]) => {
      call.abort(reason);
      await once(response as ServerResponse, 'close');
    });
    await assert.rejects(waiting, reason);
    await closed;
  });

  it('a quota that is used up ends the answer', async () => {
    const spend = (_: string, amount: number): void => {
      if (amount > 20_000) throw new Error('no more');
    };
    await assert.rejects(fetch(at('/long'), {}, { spend }));
  });

  it('a host that does not answer is MF607, and the address stays inside', async () => {
    const gone = `http://api.test:1/`;
    await assert.rejects(fetch(gone, {}, { scopes: ['api.test:1'] }), (error: Error) => {
      assert.ok(!error.message.includes('127.0.0.1'));
      return refusedWith('MF607')(error);
    });
  });
});
