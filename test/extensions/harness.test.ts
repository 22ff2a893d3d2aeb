import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type TestedExtension,
  type TestOptions,
  testExtension,
} from '../../extensions/sdk/testing/test-extension.ts';
import type {
  CapabilityName,
  ExtensionManifest,
  Permission,
} from '../../runtime/protocol/extension-manifest.ts';

const permission = (capability: CapabilityName, ...scope: string[]): Permission => ({
  capability,
  scope: scope.length === 0 ? ['*'] : scope,
  reason: 'for tests',
});

const manifest: ExtensionManifest = {
  id: 'acme.demo',
  name: 'demo',
  version: '1.0.0',
  description: 'For tests.',
  requiredComponents: [],
  permissions: [
    permission('db.read', 'orders'),
    permission('db.write', 'orders'),
    permission('cache'),
    permission('files'),
    permission('net.fetch', 'api.example.com', '*.example.org'),
    permission('secrets.read', 'TOKEN'),
    permission('events.emit', 'demo.done'),
    permission('catalog.read'),
    permission('http.route'),
  ],
  routes: [
    { method: 'POST', path: '/run' },
    { method: 'GET', path: '/open', public: true },
  ],
  hooks: [{ when: 'before', tables: ['orders'], operations: ['create'] }],
  schedules: [{ name: 'daily', cron: '0 8 * * *' }],
  config: { type: 'object', properties: { a: { type: 'string', default: 'one' }, b: { type: 'string' } } },
};

/** Runs the text of an asynchronous function of `context` with each request. */
const bundleOf = (body: string): string =>
  [
    'export { extension as default };',
    `const extension = { onRequest: async (request, context) => ({ body: await (${body})(context, request) }) };`,
  ].join('\n');

describe('the harness of the SDK', () => {
  let extension: TestedExtension;
  const run = async (body: string, options: Partial<TestOptions> = {}): Promise<unknown> => {
    extension = await testExtension({ bundle: bundleOf(body), manifest, ...options });
    return (await extension.request('POST /run', { body: { x: 1 } })).body;
  };
  afterEach(() => extension?.close());

  const rows: [what: string, body: string, options: Partial<TestOptions>, expected: unknown][] = [
    [
      'rows of the database',
      "(c) => c.db.read.query('select $1', [7])",
      { fakes: { db: { read: (sql, params, project) => [{ sql, params, project }] } } },
      { rows: [{ sql: 'select $1', params: [7], project: 'main' }], count: 1 },
    ],
    [
      'counts of writes in another project',
      "(c) => c.in('shop').db.write.query('delete')",
      { fakes: { db: { write: (_sql, _params, project) => ({ rows: [{ project }], count: 3 }) } } },
      { rows: [{ project: 'shop' }], count: 3 },
    ],
    [
      'a cache that keeps',
      "async (c) => { await c.cache.set('k', [1]); const a = await c.cache.get('k'); await c.cache.delete('k'); return [a, await c.cache.get('k'), await c.cache.get('old')]; }",
      { fakes: { cache: { old: 'yes' } } },
      [[1], null, 'yes'],
    ],
    [
      'files in folders',
      "async (c) => { await c.files.write('a/b.txt', 'text'); return [await c.files.list(), await c.files.list('a'), await c.files.read('a/b.txt')]; }",
      {},
      [[{ name: 'a', kind: 'folder', bytes: 0 }], [{ name: 'b.txt', kind: 'file', bytes: 4 }], 'text'],
    ],
    [
      'answers of the network',
      "(c) => c.net.fetch('https://api.example.com/x', { method: 'PUT' })",
      { fakes: { net: { fetch: (url, { method }) => ({ status: 201, body: `${method} ${url}` }) } } },
      { status: 201, headers: {}, body: 'PUT https://api.example.com/x' },
    ],
    ['secrets', "(c) => c.secrets.read('TOKEN')", { fakes: { secrets: { TOKEN: 'hush' } } }, 'hush'],
    ['the catalogue', '(c) => c.catalog.tables()', { fakes: { catalog: { tables: () => [] } } }, []],
    [
      'its configuration, defaults included',
      '(c) => c.config',
      { config: { b: 'two' } },
      { a: 'one', b: 'two' },
    ],
    ['the request', '(c, r) => [r.body, r.role, r.params]', {}, ['{"x":1}', 'anon', {}]],
    [
      'no capability that was denied',
      "(c) => c.has('cache') || Object.keys(c).includes('cache')",
      { denied: ['cache'] },
      false,
    ],
    [
      'no clock that runs without a signature',
      '(c) => { const at = c.now(); for (let n = 0; n < 5e6; n += 1); return at === c.now() && at === Date.now(); }',
      { trust: 'unsigned' },
      true,
    ],
  ];
  for (const [what, body, options, expected] of rows) {
    it(`gives ${what}`, async () => assert.deepEqual(await run(body, options), expected));
  }

  const refused: [what: string, body: string, code: string][] = [
    ['a host that the scope does not cover', "(c) => c.net.fetch('https://example.com')", 'MF610'],
    ['a host that only looks covered', "(c) => c.net.fetch('https://api.example.com@evil.com')", 'MF610'],
    ['what is no address', "(c) => c.net.fetch('api.example.com')", 'MF610'],
    ['a secret that the scope does not name', "(c) => c.secrets.read('OTHER')", 'MF610'],
    ['an event that the scope does not name', "(c) => c.events.emit('demo.other', 1)", 'MF610'],
    ['a file that is not there', "(c) => c.files.read('none')", 'MF104'],
  ];
  for (const [what, body, code] of refused) {
    it(`refuses ${what}, as the host does`, async () => {
      assert.equal(
        await run(`async (c) => { try { return await (${body})(c); } catch (e) { return e.code; } }`),
        code,
      );
    });
  }

  it('says which fake is missing', async () => {
    const body = "async (c) => { try { await c.db.read.query('x'); } catch (e) { return e.message; } }";
    assert.match(String(await run(body)), /give fakes\.db\.read/);
  });

  it('keeps what the extension did and logged', async () => {
    await run("async (c) => { c.log.warn('oh', { a: 1 }); await c.events.emit('demo.done', 7); }");
    assert.deepEqual(extension.calls, [
      { capability: 'events.emit', method: 'emit', args: ['demo.done', 7], project: 'main' },
    ]);
    assert.deepEqual(extension.logs, [{ level: 'warn', text: 'oh {"a":1}' }]);
    assert.deepEqual(extension.handlers, ['onRequest']);
    assert.equal(extension.ended, null);
  });

  it('passes errors of the extension on with their code, and ends loops', async () => {
    await assert.rejects(run('async () => { throw new Error("broken"); }'), {
      code: 'MF662',
      message: /broken/,
    });
    await extension.close();
    await assert.rejects(run('async () => { for (;;); }'), { code: 'MF661' });
  });

  it('has the stack of an error that was not meant in the log, and no other', async () => {
    const code = [
      "import { defineExtension, ExtensionError } from '@magflock/sdk';",
      'const fail = (error: Error) => { throw error; };',
      `const manifest = ${JSON.stringify(manifest)} as never;`,
      'const onBefore = (facts: { table: string }) => {};',
      'const onSchedule = async () => fail(new Error("later"));',
      'const onRequest = ({ path }: { path: string }) =>',
      '  fail(path === "/run" ? new Error("at once") : new ExtensionError("MF403", "meant"));',
      'const handlers = { onRequest, onBefore, onSchedule } as never;',
      'export { extension as default };',
      'const extension = defineExtension(manifest, handlers);',
    ].join('\n');
    const folder = mkdtempSync(join(tmpdir(), 'magflock-harness-'));
    writeFileSync(join(folder, 'index.ts'), code);
    extension = await testExtension({ dir: folder, manifest });
    rmSync(folder, { recursive: true });
    await assert.rejects(extension.request('POST /run'), { code: 'MF662', message: /at once/ });
    await assert.rejects(extension.schedule('daily'), { code: 'MF662', message: /later/ });
    await assert.rejects(extension.request('GET /open'), { message: /meant/ });
    assert.deepEqual(
      extension.logs.map(({ level, text }) => [level, text.split('\n')[0]]),
      [
        ['error', 'Error: at once'],
        ['error', 'Error: later'],
      ],
    );
    assert.match(extension.logs[0]?.text ?? '', /extension\.js:\d+:\d+/);
  });

  it('answers as the host does what no route serves', async () => {
    await run('async () => 1');
    assert.equal((await extension.request('GET /none')).status, 404);
    assert.equal((await extension.request('POST /run', { role: null })).status, 401);
    assert.equal((await extension.request('GET /open', { role: null })).status, 200);
    assert.equal((await extension.request('GET /open?a=1&a=2&b=3')).status, 200);
    await assert.rejects(extension.request('/run'), TypeError);
  });

  it('refuses what the manifest would never call', async () => {
    await run('async () => 1');
    await assert.rejects(
      extension.before({ operation: 'delete', table: 'orders' }),
      /No hook .* before delete/,
    );
    await assert.rejects(extension.before({ operation: 'create', table: 'users' }), /of users/);
    await assert.rejects(extension.schedule('nightly'), /it has daily/);
    await assert.rejects(extension.event('order.paid'), /it has none/);
  });

  it('refuses to load what does not work', async () => {
    const load = (options: TestOptions) => testExtension(options);
    await assert.rejects(load({ bundle: 'export default 7;', manifest }), { code: 'MF660' });
    await assert.rejects(load({ bundle: 'syntax error', manifest }), { code: 'MF660' });
    await assert.rejects(load({ bundle: '' }), TypeError);
    await assert.rejects(load({}), TypeError);
    await assert.rejects(load({ dir: '/nowhere' }), /magflock\.extension\.json/);
  });
});
