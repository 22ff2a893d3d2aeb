import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { refuseToken } from '../../actors/psu/tokens/refuse-token.ts';
import type { Settings } from '../../config/settings.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ActiveHook, HookFacts } from '../../runtime/protocol/extensions.protocol.ts';
import type {
  GatewayAnswer,
  GatewayReplica,
  GatewayRequest,
  RefusedRequest,
} from '../../runtime/protocol/gateway.protocol.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import type { AuthenticationFacts } from '../../runtime/protocol/psu.protocol.ts';
import { fakeKeys, uniqueViolation } from '../support/fake-replicas.ts';
import { rawExchange } from './raw-exchange.ts';
import { type Served, serve } from './serve.ts';

const plan: Plan = {
  access: 'write',
  operation: 'insert',
  table: { schema: 'public', name: 'track' },
  sql: 'select 1',
  parameters: [],
  parameterColumns: [],
  shape: 'one',
  schemaVersion: 1,
  action: 'create',
  answer: { status: 201, contentType: 'application/json' },
};

interface Dialect {
  readonly gateway: GatewayReplica;
  readonly requests: GatewayRequest[];
  readonly refused: (RefusedRequest & { readonly error: MagFlockError })[];
  /** What the gateway answers to a plan request. */
  answer: Plan | GatewayAnswer | (() => never);
}

const dialectType = 'application/json; charset=utf-8';
const plain: GatewayAnswer = { status: 200, headers: { 'Content-Type': dialectType }, body: '[]' };

/** A gateway with a dialect of its own below /rest/v1, and with the plain one below /plain. */
function dialect(): Dialect {
  const own: Dialect = {
    requests: [],
    refused: [],
    answer: plain,
    gateway: {
      mounts: [
        '/plain',
        { prefix: '/either', tokens: 'else-key' },
        { prefix: '/rest/v1', anyText: true, tokens: true, ownMethods: true },
      ],
      dialect: 'problem',
      plan(request) {
        own.requests.push(request);
        return typeof own.answer === 'function' ? own.answer() : own.answer;
      },
      answer: (_request, _plan, result) => ({ ...plain, body: result.body ?? '' }),
      explain: (_request, _plan, error) => ({
        status: 409,
        headers: { 'Content-Type': dialectType },
        body: JSON.stringify({ code: error.sqlstate }),
        failed: error.sqlstate,
      }),
      refuse(request, error) {
        own.refused.push({ ...request, error });
        if (request.mount !== '/rest/v1') return undefined;
        if (request.mountedPath === '/breaks') throw new Error('the gateway itself is broken');
        return {
          status: error.status,
          headers: { 'Content-Type': dialectType, 'Proxy-Status': 'dialect' },
          body: JSON.stringify({ code: error.code, message: error.message, details: null, hint: null }),
          failed: error.code,
        };
      },
      preflight: ({ mount }) =>
        mount === '/rest/v1'
          ? Promise.resolve({
              status: 200,
              headers: { 'Access-Control-Allow-Origin': 'https://a.example' },
              body: '',
            })
          : undefined,
    },
  };
  return own;
}

interface Sent {
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly key?: string | null;
}

async function send(served: Served, method: string, path: string, sent: Sent = {}) {
  const { key = fakeKeys.public } = sent;
  const answer = await fetch(served.url + path, {
    method,
    headers: { ...(key === null ? {} : { 'X-API-Key': key }), ...sent.headers },
    ...(sent.body === undefined ? {} : { body: sent.body as string }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

async function serveDialect(settings: Partial<Settings> = {}) {
  const own = dialect();
  const served = await serve(settings, undefined, [own.gateway]);
  return { ...served, own, [Symbol.asyncDispose]: served[Symbol.asyncDispose] };
}

describe('a gateway with a dialect of its own', () => {
  it('is told its prefix, whether the caller is anybody, and cookies; other prefixes as before', async () => {
    await using served = await serveDialect();
    const headers = { Cookie: 'a=b', Authorization: 'Bearer t' };
    await send(served, 'GET', '/rest/v1/track?x=1', { headers });
    await send(served, 'GET', '/plain/track', { headers, key: fakeKeys.secret });
    const [rest, other] = served.own.requests;
    assert.deepEqual(
      [rest?.mount, rest?.mountedPath, rest?.isAnonymous, rest?.headers['cookie']],
      ['/rest/v1', '/track', true, 'a=b'],
    );
    assert.deepEqual(
      [other?.mount, other?.mountedPath, other?.isAnonymous, other?.headers['cookie']],
      ['/plain', '/track', false, undefined],
    );
    for (const name of ['authorization', 'x-api-key']) assert.equal(rest?.headers[name], undefined, name);
  });

  for (const [path, tokens] of [
    ['/rest/v1/track', true],
    ['/either/track', 'else-key'],
    ['/plain/track', undefined],
  ] as const) {
    it(`has its callers authenticated as its mount says: ${path}`, async () => {
      await using served = await serveDialect();
      const asked: AuthenticationFacts['tokens'][] = [];
      const { authenticate } = served.fakes.psu;
      served.fakes.psu.authenticate = (facts) => {
        asked.push(facts.tokens);
        return authenticate(facts);
      };
      const headers = { Cookie: 'a=b' };
      assert.equal((await send(served, 'GET', path, { headers })).status, 200);
      assert.deepEqual(asked, [tokens]);
      assert.equal(served.own.requests[0]?.headers['cookie'], tokens === undefined ? undefined : 'a=b');
    });
  }

  it('where it has no words of its own, a refused token is a problem with its code and a challenge', async () => {
    await using served = await serveDialect();
    served.fakes.psu.authenticate = () => {
      throw refuseToken('MF212', 'JWT expired');
    };
    const answer = await send(served, 'GET', '/either/track');
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/);
    const problem = JSON.parse(answer.text);
    assert.deepEqual(
      [problem.code, problem.detail, problem.pgrst, problem.authenticate],
      ['MF212', 'JWT expired', undefined, undefined],
    );
  });

  for (const [schema, path, label] of [
    ['public', '/rest/v1/track', 'track'],
    ['public', '/rest/v1/rpc/track', 'track'],
    ['other', '/rest/v1/track', 'other.track'],
    ['other', '/rest/v1/rpc/track', 'other.track'],
  ] as const) {
    it(`has ${path} in schema ${schema} judged and audited as ${label}`, async () => {
      await using served = await serveDialect();
      served.own.answer = { ...plan, table: { schema, name: 'track' } };
      await send(served, 'POST', path, { key: fakeKeys.secret });
      const told = served.fakes.seen.filter((one) => /^(?:authorize|outbox):/.test(one));
      assert.deepEqual(told, [`authorize:insert:${label}`, `outbox:insert:${label}`]);
    });
  }

  it('has tokens looked at where its prefix says so', async () => {
    await using served = await serveDialect();
    const asked: AuthenticationFacts[] = [];
    const { authenticate } = served.fakes.psu;
    served.fakes.psu.authenticate = (facts) => {
      asked.push(facts);
      return authenticate(facts);
    };
    for (const path of ['/rest/v1/track', '/plain/track', '/api/track']) await send(served, 'GET', path);
    assert.deepEqual(
      asked.map((facts) => facts.tokens),
      [true, undefined, undefined],
    );
    assert.equal(asked[0]?.headers['x-api-key'], fakeKeys.public);
  });

  for (const [method, path, seen] of [
    ['HEAD', '/rest/v1/track', 'HEAD'],
    ['HEAD', '/plain/track', 'GET'],
    ['OPTIONS', '/rest/v1/track', 'OPTIONS'],
    ['PROPFIND', '/rest/v1/track', 'PROPFIND'],
    ['PROPFIND', '/plain/track', undefined],
  ] as const) {
    it(`${method} ${path} is planned as ${seen ?? 'nothing'}`, async () => {
      await using served = await serveDialect();
      const answer = await send(served, method, path);
      assert.equal(served.own.requests[0]?.method, seen);
      assert.equal(answer.status, seen === undefined ? 405 : 200);
    });
  }

  it('measures no body of a HEAD that it did not make, and keeps the connection', async () => {
    await using served = await serveDialect();
    served.own.answer = { ...plain, headers: { 'Content-Range': '0-1/*' }, body: '' };
    const head = `HEAD /rest/v1/track HTTP/1.1\r\nHost: a\r\nX-API-Key: ${fakeKeys.public}\r\n\r\n`;
    const { text } = await rawExchange(served.port, head + head, {
      until: (got) => got.split('\r\n\r\n').length > 2,
    });
    assert.equal(text.split('HTTP/1.1 200').length, 3, text);
    assert.ok(!/content-length|transfer-encoding/i.test(text), text);
    assert.ok(/Content-Range: 0-1\/\*/.test(text));
  });

  describe('takes bodies of any type', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    for (const [name, type, body, expected] of [
      ['CSV', 'text/csv', 'a,b\n1,2', { body: 'a,b\n1,2', json: undefined, bytes: undefined }],
      ['JSON', 'application/json', '[1]', { body: '[1]', json: 'array', bytes: undefined }],
      ['malformed JSON', 'application/json', '{"a":', { body: '{"a":', json: undefined, bytes: undefined }],
      [
        'a key twice',
        'application/json',
        '{"a":1,"a":2}',
        { body: '{"a":1,"a":2}', json: undefined, bytes: undefined },
      ],
      [
        'bytes',
        'application/octet-stream',
        bytes,
        { body: undefined, json: undefined, bytes: [255, 0, 254] },
      ],
      [
        'bytes that call themselves JSON',
        'application/json',
        bytes,
        { body: undefined, json: undefined, bytes: [255, 0, 254] },
      ],
    ] as const) {
      it(name, async () => {
        await using served = await serveDialect();
        const answer = await send(served, 'POST', '/rest/v1/track', {
          headers: { 'Content-Type': type },
          body,
        });
        assert.equal(answer.status, 200, answer.text);
        const [request] = served.own.requests;
        assert.deepEqual(
          {
            body: request?.body,
            json: request?.json?.kind,
            bytes: request?.bytes === undefined ? undefined : [...request.bytes],
          },
          expected,
        );
        assert.equal(served.fakes.seen[0], 'inspect');
      });
    }

    it('that the guard blocks, also when they are no JSON, and not compressed ones', async () => {
      await using served = await serveDialect();
      const attack = await send(served, 'POST', '/rest/v1/track', {
        headers: { 'Content-Type': 'text/csv' },
        body: "a\nx' OR '1",
      });
      assert.deepEqual([attack.status, JSON.parse(attack.text).code], [403, 'MF301']);
      const compressed = await send(served, 'POST', '/rest/v1/track', {
        headers: { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip' },
        body: 'a',
      });
      assert.deepEqual([compressed.status, JSON.parse(compressed.text).code], [415, 'MF115']);
      assert.equal(served.own.requests.length, 0);
    });

    it('but not below its other prefix', async () => {
      await using served = await serveDialect();
      const headers = { 'Content-Type': 'text/csv' };
      assert.equal((await send(served, 'POST', '/plain/track', { headers, body: 'a' })).status, 415);
    });
  });

  describe('puts every refusal in its own shape', () => {
    const saturated = () => {
      throw new MagFlockError('MF507', 'Full.', { details: { retryAfterSeconds: 3 } });
    };
    const rows: readonly [
      string,
      string,
      string,
      Sent,
      number,
      string,
      Record<string, RegExp>,
      (() => never)?,
    ][] = [
      ['no key', 'GET', '/track', { key: null }, 401, 'MF201', { 'www-authenticate': /^Bearer realm=/ }],
      ['a wrong key', 'GET', '/track', { key: 'x' }, 401, 'MF202', { 'www-authenticate': /invalid_token/ }],
      ['an attack', 'GET', "/track?a=x'%20OR%20'1", {}, 403, 'MF301', {}],
      ['a long body', 'POST', '/track', { body: 'x'.repeat(200) }, 413, 'MF113', { connection: /close/ }],
      ['saturation', 'GET', '/track', {}, 503, 'MF507', { 'retry-after': /^3$/ }, saturated],
      ['a path that is no UTF-8', 'GET', '/%ff', {}, 400, 'MF103', {}],
    ];
    for (const [name, method, path, sent, status, code, headers, answer] of rows) {
      it(name, async () => {
        await using served = await serveDialect({ 'limits.bodyBytes': 100 });
        if (answer !== undefined) served.own.answer = answer;
        const got = await send(served, method, `/rest/v1${path}`, sent);
        assert.equal(got.status, status, got.text);
        assert.deepEqual(Object.keys(JSON.parse(got.text)), ['code', 'message', 'details', 'hint']);
        assert.equal(JSON.parse(got.text).code, code);
        assert.equal(got.headers.get('content-type'), dialectType);
        assert.equal(got.headers.get('proxy-status'), 'dialect');
        assert.equal(got.headers.get('x-content-type-options'), 'nosniff');
        assert.ok(got.headers.get('x-request-id'));
        for (const [header, expected] of Object.entries(headers)) {
          assert.match(got.headers.get(header) ?? '', expected);
        }
        const [refused] = served.own.refused;
        assert.deepEqual([refused?.mount, refused?.method, refused?.project], ['/rest/v1', method, 'main']);
        assert.equal(refused?.headers['x-api-key'], undefined);
      });
    }

    it('of an unexpected error it learns nothing, and the log everything', async () => {
      await using served = await serveDialect();
      served.own.answer = () => {
        throw new Error('a secret of the host');
      };
      const answer = await send(served, 'GET', '/rest/v1/track');
      assert.equal(answer.status, 500);
      assert.ok(!answer.text.includes('secret'));
      assert.ok(!JSON.stringify(served.own.refused[0]?.error.toEnvelope()).includes('secret'));
      assert.ok(JSON.stringify(served.lines).includes('a secret of the host'));
    });

    it('an answer that cannot be written too', async () => {
      await using served = await serveDialect();
      served.own.answer = { ...plain, headers: { 'X-Bad': 'a\nb' } };
      const answer = await send(served, 'GET', '/rest/v1/track');
      assert.deepEqual([answer.status, JSON.parse(answer.text).code], [500, 'MF699']);
      assert.equal(answer.headers.get('content-type'), dialectType);
    });

    it('unless it leaves them to RFC 9457, or fails at it', async () => {
      await using served = await serveDialect();
      for (const path of ['/plain/track', '/rest/v1/breaks', '/api/track']) {
        const answer = await send(served, 'GET', path, { key: null });
        assert.equal(answer.headers.get('content-type'), 'application/problem+json', path);
        assert.equal(JSON.parse(answer.text).code, 'MF201');
      }
    });

    it('a refusal of a hook with the status of the hook, and hooks see bodies that are no JSON', async () => {
      const own = dialect();
      own.answer = plan;
      const told: HookFacts[] = [];
      const hook: ActiveHook = {
        extension: 'acme.hook',
        when: 'before',
        tables: ['track'],
        operations: ['create'],
        timeoutMs: 1000,
        onFailure: 'refuse',
      };
      let act: object = { refuse: { status: 409, message: 'taken' } };
      const replica = {
        hooks: (_project: string, _table: string, _operation: string, when: string) =>
          when === 'before' ? [hook] : undefined,
        async callHook(_hook: ActiveHook, facts: HookFacts) {
          told.push(facts);
          return act;
        },
      };
      await using served = await serve({}, { replica, gateways: [] }, [own.gateway]);
      const csv = { headers: { 'Content-Type': 'text/csv' }, body: 'a\n1' };
      const refused = await send(served, 'POST', '/rest/v1/track', csv);
      assert.deepEqual([refused.status, JSON.parse(refused.text).message], [409, 'taken']);
      assert.equal(told[0]?.body, 'a\n1');
      act = { body: [{ a: 2 }] };
      assert.equal((await send(served, 'POST', '/rest/v1/track', csv)).status, 200);
      const changed = own.requests.at(-1);
      assert.deepEqual([changed?.body, changed?.json?.kind], ['[{"a":2}]', 'array']);
      assert.equal(changed?.headers['content-type'], 'application/json');
    });
  });

  describe('its answers', () => {
    it('may be bytes, repeat a header, and have any status, without a tag', async () => {
      await using served = await serveDialect();
      const body = Uint8Array.from({ length: 3000 }, (_, index) => index % 256);
      served.own.answer = {
        status: 206,
        headers: { 'Content-Type': 'application/octet-stream', 'Set-Cookie': ['a=1', 'b=2'] },
        body,
      };
      const answer = await fetch(`${served.url}/rest/v1/track`, {
        headers: { 'X-API-Key': fakeKeys.public },
      });
      assert.equal(answer.status, 206);
      assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), body);
      assert.equal(answer.headers.get('content-encoding'), 'gzip');
      for (const status of [200, 300, 416]) {
        served.own.answer = { ...plain, status };
        const other = await send(served, 'GET', '/rest/v1/track');
        assert.deepEqual([other.status, other.text, other.headers.get('etag')], [status, '[]', null]);
      }
      served.own.answer = { ...plain, body: new Uint8Array([1, 2]) };
      const short = await fetch(`${served.url}/plain/track`, { headers: { 'X-API-Key': fakeKeys.public } });
      assert.equal(short.headers.get('content-length'), '2');
    });

    it('that are encoded already are not compressed again', async () => {
      await using served = await serveDialect();
      const { gzipSync } = await import('node:zlib');
      const body = gzipSync(Buffer.from(Array.from({ length: 9000 }, () => Math.random()).join()));
      const head = `GET /rest/v1/t HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\nX-API-Key: ${fakeKeys.public}\r\n\r\n`;
      for (const name of ['Content-Encoding', 'content-encoding']) {
        served.own.answer = { ...plain, headers: { [name]: 'gzip' }, body };
        const { text } = await rawExchange(served.port, head);
        const sent = Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1');
        assert.equal(gunzipSync(sent).length, gunzipSync(body).length);
      }
    });

    it('keep the CORS headers they have; those they have not the CPU adds', async () => {
      await using served = await serveDialect({ corsOrigins: ['*'] });
      const cors = async (headers: Record<string, string>) => {
        served.own.answer = { ...plain, headers };
        const answer = await send(served, 'GET', '/rest/v1/t', { headers: { Origin: 'https://b.example' } });
        return ['access-control-allow-origin', 'access-control-expose-headers'].map((name) =>
          answer.headers.get(name),
        );
      };
      assert.deepEqual(await cors({ 'Access-Control-Allow-Origin': 'https://a.example' }), [
        'https://a.example',
        null,
      ]);
      assert.deepEqual(await cors({ 'Access-Control-Expose-Headers': 'Content-Range' }), [
        '*',
        'Content-Range',
      ]);
      assert.match((await cors({}))[1] ?? '', /ETag/);
    });

    it('to a preflight need no key; without one the setting of the daemon holds', async () => {
      await using served = await serveDialect();
      const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'GET' };
      const own = await send(served, 'OPTIONS', '/rest/v1/track', { headers, key: null });
      assert.deepEqual(
        [own.status, own.headers.get('access-control-allow-origin')],
        [200, 'https://a.example'],
      );
      const usual = await send(served, 'OPTIONS', '/plain/track', { headers, key: null });
      assert.deepEqual([usual.status, usual.headers.get('access-control-allow-origin')], [204, null]);
    });

    it('tell their own timing instead of the stages', async () => {
      await using served = await serveDialect();
      served.own.answer = { ...plain, headers: { 'Server-Timing': 'plan;dur=1' } };
      const answer = await send(served, 'GET', '/rest/v1/track', { key: fakeKeys.secret });
      assert.equal(answer.headers.get('server-timing'), 'plan;dur=1');
    });

    it('to a refused statement are theirs, and their code is in the log', async () => {
      await using served = await serveDialect({ 'log.level': 'debug' });
      served.own.answer = plan;
      served.fakes.onExecute = () => Promise.reject(uniqueViolation());
      const answer = await send(served, 'POST', '/rest/v1/track', { body: '{}' });
      assert.deepEqual([answer.status, answer.text], [409, '{"code":"23505"}']);
      assert.equal(served.lines.find((line) => line['msg'] === 'request answered')?.['code'], '23505');
      assert.deepEqual(served.woken, []);
      served.own.answer = { ...plain, status: 500, failed: 'PGRST111' };
      await send(served, 'GET', '/rest/v1/track');
      assert.equal(served.lines.find((line) => line['msg'] === 'the request failed')?.['code'], 'PGRST111');
    });
  });
});
