import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { fakeKeys } from '../support/fake-replicas.ts';
import { type RawOptions, rawExchange, statuses } from './raw-exchange.ts';
import { serve } from './serve.ts';

const host = 'Host: 127.0.0.1\r\n';
const key = `X-API-Key: ${fakeKeys.public}\r\n`;
const read = `GET /api/track/1 HTTP/1.1\r\n${host}${key}\r\n`;
const post = (headers: string, body: string): string =>
  `POST /api/track HTTP/1.1\r\n${host}${key}${headers}\r\n${body}`;

interface Row {
  readonly name: string;
  readonly bytes: string;
  readonly statuses: readonly number[];
  readonly contains?: readonly string[];
  readonly lacks?: readonly string[];
  /** Whether the server must close the connection afterwards. */
  readonly closes: boolean;
}

const rows: readonly Row[] = [
  {
    name: 'two pipelined requests get two answers in order',
    bytes: read + read,
    statuses: [200, 200],
    closes: false,
  },
  {
    name: 'a refused request keeps the connection',
    bytes: `GET /nothing HTTP/1.1\r\n${host}\r\n${read}`,
    statuses: [404, 200],
    closes: false,
  },
  {
    name: 'malformed JSON keeps the connection',
    bytes: post('Content-Length: 1\r\n', '{') + read,
    statuses: [400, 200],
    closes: false,
  },
  {
    name: 'a blocked attack keeps the connection',
    bytes: `GET /api/track?a='OR+'1' HTTP/1.1\r\n${host}\r\n${read}`,
    statuses: [403, 200],
    closes: false,
  },
  {
    name: 'a chunked body is read',
    bytes: `${post('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n')}${read}`,
    statuses: [201, 200],
    closes: false,
  },
  {
    name: 'HTTP/1.0 is answered and closed',
    bytes: `GET /livez HTTP/1.0\r\n\r\n`,
    statuses: [200],
    closes: true,
  },
  {
    name: 'Connection: close is honoured',
    bytes: `GET /livez HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    statuses: [200],
    closes: true,
  },
  {
    name: 'garbage is 400 with problem details',
    bytes: 'garbage\r\n\r\n',
    statuses: [400],
    contains: ['application/problem+json', '"code":"MF100"', 'X-Request-Id: '],
    closes: true,
  },
  {
    name: 'a TLS greeting on the plain port is 400',
    bytes: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    statuses: [400],
    closes: true,
  },
  {
    name: 'garbage behind a request waits for its answer',
    bytes: `${read}garbage\r\n\r\n`,
    statuses: [200, 400],
    closes: true,
  },
  {
    name: 'a request without Host is 400',
    bytes: 'GET /api/track HTTP/1.1\r\n\r\n',
    statuses: [400],
    contains: ['no Host'],
    closes: false,
  },
  {
    name: 'two Host headers are 400',
    bytes: `GET /api/track HTTP/1.1\r\n${host}Host: other\r\n\r\n`,
    statuses: [400],
    contains: ['more than one Host'],
    closes: false,
  },
  {
    name: 'a Host that is none is 400',
    bytes: 'GET /api/track HTTP/1.1\r\nHost: a"><script>\r\n\r\n',
    statuses: [400],
    lacks: ['<script>'],
    closes: false,
  },
  {
    name: 'length and chunks together are refused (smuggling)',
    bytes: post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nX'),
    statuses: [400],
    closes: true,
  },
  {
    name: 'two lengths are refused (smuggling)',
    bytes: post('Content-Length: 2\r\nContent-Length: 3\r\n', '{} '),
    statuses: [400],
    closes: true,
  },
  {
    name: 'an unknown transfer coding is refused (smuggling)',
    bytes: post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'),
    statuses: [400],
    closes: true,
  },
  {
    name: 'a space before the colon is refused (smuggling)',
    bytes: `GET /livez HTTP/1.1\r\n${host}X-A : b\r\n\r\n`,
    statuses: [400],
    closes: true,
  },
  {
    name: 'a folded header is refused or harmless',
    bytes: `GET /livez HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`,
    statuses: [400],
    closes: true,
  },
  {
    name: 'a bare line feed ends no header (smuggling)',
    bytes: `GET /livez HTTP/1.1\n${host}\n\n`,
    statuses: [400],
    closes: true,
  },
  {
    name: 'a malformed chunk is 400',
    bytes: post('Transfer-Encoding: chunked\r\n', 'zz\r\n'),
    statuses: [400],
    contains: ['"code":"MF100"'],
    closes: true,
  },
  {
    name: 'a length over the limit is 413 before the body',
    bytes: post('Content-Length: 99999999\r\n', ''),
    statuses: [413],
    contains: ['Connection: close', '"code":"MF113"'],
    closes: true,
  },
  {
    name: 'an attack with a length over the limit is 403',
    bytes: `POST /api/track?a='OR+'1' HTTP/1.1\r\n${host}Content-Length: 99999999\r\n\r\n`,
    statuses: [403],
    closes: true,
  },
  {
    name: '100-continue is answered when the body is wanted',
    bytes: post('Expect: 100-continue\r\nContent-Length: 2\r\n', '{}'),
    statuses: [100, 201],
    closes: false,
  },
  {
    name: '100-continue is not answered when the body is too large',
    bytes: post('Expect: 100-continue\r\nContent-Length: 99999999\r\n', ''),
    statuses: [413],
    closes: true,
  },
  {
    name: 'another expectation is 417',
    bytes: post('Expect: a-miracle\r\nContent-Length: 2\r\n', '{}'),
    statuses: [417],
    contains: ['"code":"MF117"'],
    closes: true,
  },
  {
    name: 'an upgrade nobody serves is an ordinary request',
    bytes: `GET /livez HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    statuses: [200],
    closes: false,
  },
  {
    name: 'CONNECT is 405',
    bytes: 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n',
    statuses: [405],
    contains: ['Allow: GET'],
    closes: true,
  },
  {
    name: 'TRACE echoes nothing',
    bytes: `TRACE /api/track HTTP/1.1\r\n${host}X-Secret: s3cret\r\n\r\n`,
    statuses: [405],
    lacks: ['s3cret'],
    closes: false,
  },
  {
    name: 'the absolute form is served',
    bytes: `GET http://127.0.0.1/api/track/1 HTTP/1.1\r\n${host}${key}\r\n`,
    statuses: [200],
    closes: false,
  },
  {
    name: 'the absolute form of a page is served',
    bytes: `GET http://127.0.0.1/livez HTTP/1.1\r\n${host}\r\n`,
    statuses: [200],
    closes: false,
  },
  {
    name: 'an absolute form with a broken authority is 400',
    bytes: `GET http://[::1/api/track HTTP/1.1\r\n${host}\r\n`,
    statuses: [400],
    closes: false,
  },
  { name: 'OPTIONS * is 404', bytes: `OPTIONS * HTTP/1.1\r\n${host}\r\n`, statuses: [404], closes: false },
  {
    name: 'raw bytes in the path are 400 and say how to encode them',
    bytes: `GET /api/track/\xc3\xa9 HTTP/1.1\r\n${host}${key}\r\n`,
    statuses: [400],
    contains: ['%C3%A9'],
    closes: true,
  },
  {
    name: 'a header named like an inherited member is a header',
    bytes: `GET /api/track HTTP/1.1\r\n${host}${key}__proto__: x\r\nconstructor: y\r\n\r\n`,
    statuses: [200],
    closes: false,
  },
  {
    name: 'a plain request id is kept',
    bytes: `GET /livez HTTP/1.1\r\n${host}X-Request-Id: abc-123_=\r\n\r\n`,
    statuses: [200],
    contains: ['X-Request-Id: abc-123_=\r\n'],
    closes: false,
  },
  {
    name: 'an odd request id is replaced',
    bytes: `GET /livez HTTP/1.1\r\n${host}X-Request-Id: a b<c>\r\n\r\n`,
    statuses: [200],
    lacks: ['a b<c>'],
    closes: false,
  },
];

describe('bytes on a connection', () => {
  for (const row of rows) {
    it(row.name, async () => {
      await using served = await serve();
      const wanted = row.statuses.length;
      const whole = (text: string): boolean => statuses(text).length >= wanted && endsWithAnswer(text);
      const options: RawOptions = row.closes ? { timeoutMs: 4_000 } : { until: whole, timeoutMs: 4_000 };
      const answer = await rawExchange(served.port, row.bytes, options);
      assert.deepEqual(statuses(answer.text), row.statuses, answer.text);
      assert.equal(answer.error, undefined);
      if (row.closes) assert.ok(answer.closed, 'the connection was left open');
      for (const part of row.contains ?? [])
        assert.ok(answer.text.includes(part), `"${part}" is not in ${answer.text}`);
      for (const part of row.lacks ?? [])
        assert.ok(!answer.text.includes(part), `"${part}" is in ${answer.text}`);
      assert.equal(served.front.parts.inFlight.size, 0);
    });
  }

  it('answers 431 to a header of 10 MB and takes no more of it than it must', async () => {
    await using served = await serve();
    const before = process.memoryUsage().rss;
    const answer = await rawExchange(served.port, megabytesOfHeader(10));
    assert.deepEqual(statuses(answer.text), [431]);
    assert.ok(answer.text.includes('"code":"MF131"'), answer.text);
    const megabytes = (process.memoryUsage().rss - before) / 2 ** 20;
    assert.ok(megabytes < 60, `${megabytes} MB more`);
  });

  it('answers 414 to a path that fills the header limit', async () => {
    await using served = await serve();
    const answer = await rawExchange(served.port, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`);
    assert.ok([414, 431].includes(statuses(answer.text)[0] ?? 0), answer.text);
  });

  it('answers 413 to a body that grows over the limit while it comes, and the client can read it', async () => {
    await using served = await serve({ 'limits.bodyBytes': 4_096 });
    async function* body(): AsyncGenerator<string> {
      yield post('Transfer-Encoding: chunked\r\n', '');
      for (let sent = 0; sent < 4_000; sent++) yield `400\r\n${'x'.repeat(1_024)}\r\n`;
      yield '0\r\n\r\n';
    }
    const answer = await rawExchange(served.port, body());
    assert.deepEqual(statuses(answer.text), [413]);
    assert.ok(answer.text.includes('"code":"MF113"'));
    assert.equal(answer.error, undefined);
  });

  it('answers 408 to headers that come a byte at a time', async () => {
    await using served = await serve({ 'limits.requestTimeoutMs': 1_000 });
    async function* drip(): AsyncGenerator<string> {
      for (const byte of `GET /livez HTTP/1.1\r\n${'X-A: b\r\n'.repeat(100)}`) {
        yield byte;
        await pause(50);
      }
    }
    const answer = await rawExchange(served.port, drip());
    assert.deepEqual(statuses(answer.text), [408]);
    assert.ok(answer.text.includes('"code":"MF108"'));
    assert.ok(answer.ms < 3_000, `${answer.ms} ms`);
  });

  it('answers 408 to a body that stops coming', async () => {
    await using served = await serve({ 'limits.requestTimeoutMs': 1_000 });
    const answer = await rawExchange(served.port, post('Content-Length: 100\r\n', '{"a":'));
    assert.deepEqual(statuses(answer.text), [408]);
    assert.equal(served.front.parts.inFlight.size, 0);
  });

  it('closes a connection that never says anything', async () => {
    await using served = await serve({ 'limits.requestTimeoutMs': 1_000 });
    const answer = await rawExchange(served.port, '');
    assert.ok(answer.closed);
    await settled(() => served.front.listener.connections === 0);
  });

  it('answers a client that has closed its sending half', async () => {
    await using served = await serve();
    const answer = await rawExchange(served.port, read, { end: true });
    assert.deepEqual(statuses(answer.text), [200]);
    assert.ok(answer.closed);
  });

  it('forgets a client that went away in the middle of its body', async () => {
    await using served = await serve();
    await rawExchange(served.port, post('Content-Length: 100\r\n', '{"a":'), {
      until: () => true,
      timeoutMs: 50,
    });
    await settled(() => served.front.parts.inFlight.size === 0 && served.front.listener.connections === 0);
    assert.deepEqual(served.fakes.seen, ['inspect']);
  });

  it('forgets a client that went away while the database worked', async () => {
    await using served = await serve();
    const { promise, resolve } = Promise.withResolvers<void>();
    served.fakes.onExecute = async () => {
      await promise;
      return { body: '{}', rows: 1, location: undefined, databaseMs: 1 };
    };
    await rawExchange(served.port, read, { timeoutMs: 50 });
    await settled(() => served.front.listener.connections === 0);
    assert.equal(served.front.parts.inFlight.size, 1);
    resolve();
    await settled(() => served.front.parts.inFlight.size === 0);
  });

  it('drops connections over the limit', async () => {
    await using served = await serve({ 'limits.connections': 1 });
    const first = rawExchange(served.port, read, { timeoutMs: 300 });
    await pause(50);
    const second = await rawExchange(served.port, read, { timeoutMs: 1_000 });
    assert.equal(second.text, '');
    assert.ok(second.closed);
    assert.deepEqual(statuses((await first).text), [200]);
  });
});

function endsWithAnswer(text: string): boolean {
  const head = text.lastIndexOf('HTTP/1.1 ');
  const end = text.indexOf('\r\n\r\n', head);
  const length = Number(/content-length: (\d+)/i.exec(text.slice(head, end))?.[1] ?? 0);
  return end !== -1 && text.length >= end + 4 + length;
}

async function* megabytesOfHeader(megabytes: number): AsyncGenerator<string> {
  yield `GET /livez HTTP/1.1\r\n${host}X-Long: `;
  for (let sent = 0; sent < megabytes * 16; sent++) yield 'x'.repeat(65_536);
  yield '\r\n\r\n';
}

async function settled(condition: () => boolean): Promise<void> {
  const until = performance.now() + 2_000;
  while (!condition()) {
    if (performance.now() > until) throw new Error('It did not come to rest within 2 s.');
    await pause(5);
  }
}
