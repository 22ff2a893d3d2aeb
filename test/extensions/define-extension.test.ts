import assert from 'node:assert/strict';
import { defineExtension } from '../../extensions/sdk/define-extension.ts';
import { ExtensionError, type ExtensionHandlers } from '../../extensions/sdk/index.ts';
import { matchRoute } from '../../extensions/sdk/match-route.ts';
import type { ExtensionManifest } from '../../runtime/protocol/extension-manifest.ts';

const bare: ExtensionManifest = {
  id: 'acme.demo',
  name: 'demo',
  version: '1.0.0',
  description: 'For tests.',
  requiredComponents: [],
  permissions: [],
};
const get = (path: string) => ({ method: 'GET', path }) as const;
type Called = (input: unknown, context: unknown) => unknown;
type AnyHandlers = ExtensionHandlers<ExtensionManifest>;

describe('defineExtension', () => {
  it('makes a module with the handlers that were given, and no others', () => {
    const given = { onStart: () => {}, onHealth: () => ({ status: 'ok', summary: '' }) as const };
    assert.deepEqual(Object.keys(defineExtension(bare, given)), ['manifest', 'onStart', 'onHealth']);
    assert.deepEqual(Object.keys(defineExtension({ manifest: bare, ...given })), [
      'manifest',
      'onStart',
      'onHealth',
    ]);
  });

  it('gives handlers without an input the context alone', () => {
    const module = defineExtension(bare, { onStart: (context) => assert.equal(context.project, 'main') });
    (module.onStart as Called)(null, { project: 'main' });
  });

  it('brings a request to its route, with the parameters of its path', async () => {
    const manifest = { ...bare, routes: [get('/a/:id'), get('/a/new'), get('/*')] };
    const module = defineExtension(manifest, {
      routes: {
        'GET /a/:id': ({ params }) => ({ body: ['id', params] }),
        'GET /a/new': () => ({ body: ['new'] }),
        'GET /*': ({ params }) => ({ body: ['rest', params] }),
      },
    });
    const ask = (method: string, path: string) => (module.onRequest as Called)({ method, path }, {});
    assert.deepEqual(ask('GET', '/a/7'), { body: ['id', { id: '7' }] });
    assert.deepEqual(ask('GET', '/a/new'), { body: ['new'] });
    assert.deepEqual(ask('GET', '/b/c'), { body: ['rest', { '*': 'b/c' }] });
    assert.equal((ask('POST', '/a/7') as { status: number }).status, 404);
  });

  it('brings events and schedules to their handlers, and says which has none', () => {
    const manifest = {
      ...bare,
      events: ['order.paid', 'order.lost'],
      schedules: [{ name: 'daily', cron: '0 8 * * *' }],
    };
    const seen: unknown[] = [];
    const module = defineExtension(manifest, {
      events: { 'order.paid': (payload) => void seen.push(payload), 'order.lost': () => {} },
      schedules: { daily: ({ at }) => void seen.push(at) },
    });
    (module.onEvent as Called)({ name: 'order.paid', payload: 7 }, {});
    (module.onSchedule as Called)({ name: 'daily', at: 'now' }, {});
    assert.deepEqual(seen, [7, 'now']);
    assert.throws(() => (module.onEvent as Called)({ name: 'toString', payload: 7 }, {}), { code: 'MF662' });
  });

  const hook = { tables: ['*'], operations: ['create'] } as const;
  const refused: [what: string, manifest: Partial<ExtensionManifest>, handlers: object, said: RegExp][] = [
    ['a route without a handler', { routes: [get('/a')] }, {}, /route "GET \/a"/],
    ['a handler without a route', {}, { routes: { 'GET /a': () => ({}) } }, /route "GET \/a"/],
    ['an event without a handler', { events: ['a.b'] }, { events: {} }, /event "a\.b"/],
    ['a handler without an event', {}, { events: { 'a.b': () => {} } }, /event "a\.b"/],
    ['a schedule without a handler', { schedules: [{ name: 'x', cron: '' }] }, {}, /schedule "x"/],
    ['two ways to handle requests', {}, { routes: {}, onRequest: () => ({}) }, /both/],
    ['a hook without onBefore', { hooks: [{ when: 'before', ...hook }] }, {}, /onBefore is not there/],
    ['onAfter without a hook', { hooks: [] }, { onAfter: () => {} }, /no hook after/],
  ];
  for (const [what, manifest, handlers, said] of refused) {
    it(`refuses ${what} when it loads`, () => {
      assert.throws(
        () => defineExtension<ExtensionManifest>({ ...bare, ...manifest }, handlers as AnyHandlers),
        (error) => error instanceof ExtensionError && error.code === 'MF620' && said.test(error.message),
      );
    });
  }

  it('takes one function for all routes, events and schedules', () => {
    const manifest = { ...bare, routes: [get('/a')], events: ['a.b'], schedules: [{ name: 'x', cron: '' }] };
    const module = defineExtension(manifest as ExtensionManifest, {
      onRequest: () => ({ body: 'all' }),
      onEvent: () => {},
      onSchedule: () => {},
    });
    assert.deepEqual((module.onRequest as Called)({ method: 'GET', path: '/b' }, {}), { body: 'all' });
  });
});

describe('routes of an extension', () => {
  const rows: [keys: readonly string[], request: string, key: string | undefined, params?: object][] = [
    [['GET /'], 'GET /', 'GET /', {}],
    [['GET /a'], 'GET /a/', 'GET /a', {}],
    [['GET /a'], 'GET /a/b', undefined],
    [['GET /a/b'], 'GET /a', undefined],
    [['GET /:x/b', 'GET /a/:y'], 'GET /a/b', 'GET /a/:y', { y: 'b' }],
    [['GET /:x'], 'GET /', undefined],
    [['GET /:x'], 'GET /J%C3%BCrgen%2F1', 'GET /:x', { x: 'Jürgen/1' }],
    [['GET /:x'], 'GET /100%', 'GET /:x', { x: '100%' }],
    [['GET /files/*'], 'GET /files/a/b%20c', 'GET /files/*', { '*': 'a/b c' }],
    [['GET /files/*', 'GET /files/:id'], 'GET /files/a', 'GET /files/:id', { id: 'a' }],
    [['POST /a'], 'GET /a', undefined],
    [['GET /:__proto__'], 'GET /a', 'GET /:__proto__'],
  ];
  for (const [keys, request, key, params] of rows) {
    it(`${request} is ${key ?? 'none'} of ${keys.join(' and ')}`, () => {
      const [method = '', path = ''] = request.split(' ');
      const found = matchRoute(keys, method, path);
      assert.equal(found?.key, key);
      if (params !== undefined) assert.deepEqual(found?.params, params);
    });
  }
});
