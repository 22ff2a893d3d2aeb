import assert from 'node:assert/strict';
import { keepSources } from '../../actors/cpu/keep-sources.ts';
import { parseJson } from '../../actors/cpu/parse-json.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { HookOperation } from '../../runtime/protocol/extension-manifest.ts';
import type { ActiveHook, ExtensionsReplica, HookFacts } from '../../runtime/protocol/extensions.protocol.ts';
import type { Inspection } from '../../runtime/protocol/sentinel.protocol.ts';
import { HookTable } from '../../sandbox/gate/hook-table.ts';
import { fakeKeys } from '../support/fake-replicas.ts';
import { serve } from './serve.ts';

const all: readonly HookOperation[] = ['list', 'read', 'create', 'update', 'replace', 'delete'];

function hook(overrides: Partial<ActiveHook> = {}): ActiveHook {
  return {
    extension: 'acme.hook',
    when: 'before',
    tables: ['track'],
    operations: all,
    timeoutMs: 100,
    onFailure: 'refuse',
    ...overrides,
  };
}

/** A front whose hooks answer with what `act` returns. */
async function serveHooks(
  hooks: readonly ActiveHook[],
  act: (hook: ActiveHook, facts: HookFacts) => unknown,
) {
  const table = new HookTable();
  table.set({ version: 1, projects: { main: { hooks, routes: [] } } });
  const told: HookFacts[] = [];
  const replica: ExtensionsReplica = {
    hooks: (project, name, operation, when) => table.find(project, name, operation, when),
    async callHook(one, facts) {
      told.push(facts);
      return (await act(one, facts)) ?? null;
    },
  };
  const served = await serve({}, { replica, gateways: [] });
  const send = async (method: string, path: string, body?: unknown, key = fakeKeys.secret) => {
    const response = await fetch(served.url + path, {
      method,
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };
  return { ...served, told, send, [Symbol.asyncDispose]: served[Symbol.asyncDispose] };
}

describe('hooks of extensions', () => {
  it('tells a hook the operation and who asks, and no key', async () => {
    await using served = await serveHooks([hook()], () => null);
    assert.equal((await served.send('PATCH', '/api/track/a%2Fb?fields=x', { n: 1 })).status, 200);
    const { requestId, ...facts } = served.told[0] as HookFacts;
    assert.ok(requestId.length > 10);
    assert.deepEqual(facts, {
      project: 'main',
      operation: 'update',
      table: 'track',
      id: 'a/b',
      query: 'fields=x',
      body: { n: 1 },
      role: 'service_role',
      claims: {},
    });
    assert.ok(!JSON.stringify(served.told).includes(fakeKeys.secret));
  });

  it('calls no hook for other tables, operations and projects, nor for the list of endpoints', async () => {
    const act = () => assert.fail('was called');
    await using served = await serveHooks([hook({ operations: ['create'] })], act);
    for (const [method, path] of [
      ['GET', '/api/track'],
      ['GET', '/api/'],
      ['GET', '/p/shop/api/track'],
      ['DELETE', '/api/track/1'],
    ] as const) {
      assert.ok((await served.send(method, path)).status < 300, path);
    }
    assert.equal(served.told.length, 0);
  });

  const refusals: [chosen: unknown, status: number][] = [
    [{ status: 409, message: 'taken' }, 409],
    [{ status: 200, message: 'no refusal has this status' }, 400],
    [{ status: 503, message: 'nor this one' }, 400],
  ];
  for (const [refuse, status] of refusals) {
    it(`a hook refuses with ${JSON.stringify(refuse)}: ${status}, and nothing is executed`, async () => {
      await using served = await serveHooks([hook()], () => ({ refuse }));
      const answer = await served.send('POST', '/api/track', { n: 1 });
      assert.equal(answer.status, status);
      assert.equal(answer.body.status, status);
      assert.equal(answer.body.code, 'MF670');
      assert.equal(answer.body.extension, 'acme.hook');
      assert.ok(!served.fakes.seen.some((word) => word.startsWith('execute')));
    });
  }

  it('plans, inspects and authorises again what a hook changed, and the trail has what was written', async () => {
    await using served = await serveHooks([hook()], (_hook, { body }) => ({
      body: { ...(body as object), slug: 'a-b' },
    }));
    await served.send('POST', '/api/track', '{"n":9007199254740993}');
    assert.deepEqual(served.fakes.seen, [
      'inspect',
      'authenticate',
      'plan',
      'authorize:insert:track',
      'inspect',
      'plan',
      'authorize:insert:track',
      'outbox:insert:track',
      'execute:insert:audited',
    ]);
    const request = served.fakes.lastRequest;
    const entries = request?.json?.kind === 'object' ? request.json.entries : new Map();
    assert.equal(entries.get('n')?.source, '9007199254740993');
    assert.equal(entries.get('slug')?.source, '"a-b"');
  });

  it('has the models judge what a hook changed, alone and in the name of the extension', async () => {
    const seen: [string, string, string | undefined, string | null | undefined][] = [];
    await using served = await serveHooks([hook()], () => ({ body: { slug: 'unsure' }, filter: 'a=eq.1' }));
    const { sentinel } = served.fakes;
    const allowed = sentinel.judge(undefined as never, []) as Inspection;
    sentinel.inspect = (facts) => ({
      ...allowed,
      unsure: [{ surface: 'body', where: facts.body ?? '', text: '', signature: undefined }],
    });
    sentinel.judge = async (facts, unsure) => {
      seen.push([unsure[0]?.where ?? '', facts.query, facts.extension, facts.keyId?.()]);
      return facts.extension === undefined ? allowed : { ...allowed, action: 'block', incident: 'i-1' };
    };
    const answer = await served.send('PATCH', '/api/track?q=1', { n: 1 });
    assert.deepEqual([answer.status, answer.body.code, answer.body.extension], [403, 'MF301', 'acme.hook']);
    assert.deepEqual(seen, [
      ['{"n":1}', 'q=1', undefined, 'k1'],
      ['{"slug":"unsure"}', 'a=eq.1', 'acme.hook', null],
    ]);
  });

  it('makes an update of a delete, which still answers 204-like, and adds conditions to rows', async () => {
    await using served = await serveHooks(
      [hook({ operations: ['delete', 'read'] })],
      (_hook, { operation }) =>
        operation === 'delete'
          ? { operation: 'update', body: { deleted_at: 'now' }, filter: 'deleted_at=is.null' }
          : { filter: 'deleted_at=is.null' },
    );
    await served.send('DELETE', '/api/track/7');
    assert.equal(served.fakes.lastRequest?.method, 'PATCH');
    assert.equal(served.fakes.lastRequest?.filter, 'deleted_at=is.null');
    assert.equal(served.fakes.lastRequest?.headers['prefer'], 'return=minimal');
    assert.ok(served.fakes.seen.includes('authorize:update:track'));
    assert.ok(served.fakes.seen.includes('execute:update:audited'));
  });

  const attacks: [name: string, result: unknown, status: number][] = [
    ['a value that is an attack', { body: { n: "1' OR '1'='1" } }, 403],
    ['a query that is an attack', { query: "id=1%20OR%20'1'" }, 403],
    ['nothing at all', null, 201],
    ['an empty object', {}, 201],
  ];
  for (const [name, result, status] of attacks) {
    it(`a hook answers with ${name}: ${status}`, async () => {
      await using served = await serveHooks([hook()], () => result);
      assert.equal((await served.send('POST', '/api/track', { n: 1 })).status, status);
    });
  }

  const others: [method: string, path: string, result: unknown][] = [
    ['GET', '/api/track/7', { operation: 'delete' }],
    ['GET', '/api/track/7', { operation: 'update', body: { n: 1 } }],
    ['GET', '/api/track', { operation: 'create', body: { n: 1 } }],
    ['HEAD', '/api/track/7', { operation: 'delete' }],
    ['DELETE', '/api/track/7', { operation: 'read' }],
    ['POST', '/api/track', { filter: 'tenant=eq.1' }],
  ];
  for (const [method, path, result] of others) {
    it(`a hook cannot make ${JSON.stringify(result)} of ${method} ${path}`, async () => {
      await using served = await serveHooks([hook()], () => result);
      const answer = await served.send(method, path, method === 'POST' ? { n: 1 } : undefined);
      assert.equal(answer.status, 502);
      assert.ok(!served.fakes.seen.some((word) => word.startsWith('execute')), served.fakes.seen.join());
    });
  }

  it('a hook that leaves its table is an error of the extension', async () => {
    await using served = await serveHooks([hook()], () => ({ body: { n: 2 } }));
    const plan = served.fakes.gateway.plan.bind(served.fakes.gateway);
    let plans = 0;
    served.fakes.gateway.plan = (request) => {
      const planned = plan(request);
      return ++plans === 2 ? { ...planned, table: { schema: 'public', name: 'salary' } } : planned;
    };
    const answer = await served.send('POST', '/api/track', { n: 1 });
    assert.equal(answer.body.code, 'MF662');
    assert.ok(!served.fakes.seen.some((word) => word.startsWith('execute')));
  });

  const failures: [
    when: ActiveHook['when'],
    onFailure: ActiveHook['onFailure'],
    method: string,
    ok: boolean,
  ][] = [
    ['before', 'refuse', 'POST', false],
    ['before', 'pass', 'POST', true],
    ['after', 'refuse', 'GET', false],
    ['after', 'pass', 'GET', true],
    // The write is committed; its caller has to know that.
    ['after', 'refuse', 'POST', true],
  ];
  for (const [when, onFailure, method, ok] of failures) {
    it(`a ${when}-hook with ${onFailure} that fails lets ${method} ${ok ? 'through' : 'fail'}`, async () => {
      await using served = await serveHooks([hook({ when, onFailure })], () => {
        throw new MagFlockError('MF601', 'The cage was killed.');
      });
      const body = method === 'GET' ? undefined : { n: 1 };
      const answer = await served.send(method, '/api/track', body);
      assert.equal(answer.status < 300, ok, JSON.stringify(answer.body));
      if (!ok) assert.equal(answer.body.code, 'MF601');
    });
  }

  it('tells what the code of an extension threw to a secret key, and to no other', async () => {
    await using served = await serveHooks([hook()], () => {
      throw new MagFlockError('MF662', 'TypeError: row of ada', {
        details: { extension: 'acme.hook', name: 'ada' },
      });
    });
    const told = (await served.send('POST', '/api/track', { n: 1 })).body;
    assert.deepEqual([told.detail, told.name], ['TypeError: row of ada', 'ada']);
    const { body } = await served.send('POST', '/api/track', { n: 1 }, fakeKeys.public);
    assert.deepEqual([body.code, body.status, body.extension], ['MF662', 502, 'acme.hook']);
    assert.ok(!JSON.stringify(body).includes('ada'), JSON.stringify(body));
  });

  it('an after-hook adds to the body and sets harmless headers only', async () => {
    await using served = await serveHooks([hook({ when: 'after' })], (_hook, { answer }) => ({
      body: { ...(answer?.body as object), more: true },
      headers: { 'X-More': 'yes', 'Set-Cookie': 'a=b', 'X-Bad': 'a\nb', 'Content-Type': 'text/html' },
    }));
    const { body, headers } = await served.send('GET', '/api/track');
    assert.equal(body.more, true);
    assert.deepEqual(body.data, { id: 1 });
    assert.equal(headers.get('x-more'), 'yes');
    assert.equal(headers.get('x-bad'), null);
    assert.equal(headers.get('set-cookie'), null);
    assert.match(headers.get('content-type') ?? '', /^application\/json/);
  });

  it('runs the hooks of what was asked and of what it became, each once', async () => {
    const hooks = [
      hook({ extension: 'acme.soft', operations: ['delete'] }),
      hook({ extension: 'acme.both', operations: ['delete', 'update'] }),
      hook({ extension: 'acme.guard', operations: ['delete'] }),
      hook({ extension: 'acme.late', operations: ['update'] }),
    ];
    const order: string[] = [];
    await using served = await serveHooks(hooks, ({ extension }, { operation, asked }) => {
      order.push(`${extension} ${operation}${asked === undefined ? '' : ` asked ${asked}`}`);
      if (extension === 'acme.soft') return { operation: 'update', body: { gone: true } };
      return extension === 'acme.late' ? { refuse: { status: 409, message: 'kept' } } : null;
    });
    assert.equal((await served.send('DELETE', '/api/track/7')).status, 409);
    assert.deepEqual(order, [
      'acme.soft delete',
      'acme.both update asked delete',
      'acme.guard update asked delete',
      'acme.late update asked delete',
    ]);
    assert.ok(!served.fakes.seen.some((word) => word.startsWith('execute')));
  });

  it('runs hooks in order; a later one sees what an earlier one changed', async () => {
    const hooks = [hook({ extension: 'acme.one' }), hook({ extension: 'acme.two', tables: ['*'] })];
    await using served = await serveHooks(hooks, ({ extension }, { body }) => ({
      body: { ...(body as object), [extension]: Object.keys(body as object).length },
    }));
    await served.send('POST', '/api/track', { n: 1 });
    assert.equal(served.fakes.lastRequest?.body, '{"n":1,"acme.one":1,"acme.two":2}');
  });

  it('keeps the source of what came back as it was, whatever the number', () => {
    const rows: [sent: string, back: string, kept: string][] = [
      ['{"n":1e400}', '{"n":null}', '1e400'],
      ['{"n":0.10000000000000000001}', '{"n":0.1}', '0.10000000000000000001'],
      ['{"n":{"deep":9007199254740993}}', '{"n":{"deep":9007199254740992}}', '{"deep":9007199254740993}'],
      ['{"n":1}', '{"n":2}', '2'],
    ];
    for (const [sent, back, kept] of rows) {
      const json = keepSources(parseJson(back), parseJson(sent));
      assert.equal(json.kind === 'object' && json.entries.get('n')?.source, kept, sent);
    }
  });
});
