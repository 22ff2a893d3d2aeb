import assert from 'node:assert/strict';
import { gateway } from '../../../extensions/maggate/gateway.ts';
import type { GatewayRequest } from '../../../extensions/sdk/index.ts';
import { dataApiSettingDefinitions } from '../../../runtime/project-settings/data-api-setting-definitions.ts';
import type { Plan } from '../../../runtime/protocol/plan.protocol.ts';
import { signing } from '../signing.ts';
import { openRest, type Rest, type RestOptions } from './rest-harness.ts';

const ddl = `
create schema other;
create schema extra;
create schema "quo""te";
create table items (id int primary key, name text, deleted boolean not null default false);
insert into items values (1, 'a', false), (2, 'b', true);
create table tags (id int primary key);
create table item_tags (item int references items, tag int references tags, primary key (item, tag));
create table other.items (id int primary key);
grant usage on schema other to service_role;
grant all on other.items to service_role;
create function setting(name text) returns text language sql stable as 'select current_setting(name, true)';
create function slow() returns text language sql stable set statement_timeout = '3s' set default_transaction_isolation = 'serializable'
  as $$ select current_setting('statement_timeout') || current_setting('transaction_isolation') $$;
create function refuse_everybody() returns void language plpgsql as $$ begin
  raise insufficient_privilege using message = 'not you'; end $$;
create function whole() returns json language sql as $$ select '{"swagger":"own"}'::json $$;
`;

describe('the gateway of the PostgREST dialect', function () {
  this.timeout(20_000);
  let rest: Rest;

  before(async () => {
    rest = await openRest(ddl, {
      dbSchemas: ['public', 'other'],
      dbExtraSearchPath: ['extra', 'quo"te'],
      appSettings: { host: 'localhost' },
    });
  });
  after(() => rest.close());

  const plan = (method: string, target: string, options?: RestOptions): Plan =>
    rest.plan(method, target, options) as Plan;
  const settingOf = async (name: string, options: RestOptions = {}) =>
    (await rest.call('POST', '/rpc/setting', { body: { name }, ...options })).body;

  describe('sets for the transaction', () => {
    for (const [name, value, options] of [
      ['search_path', '"public", "extra", "quo""te", pg_temp'],
      ['request.method', 'POST'],
      ['request.path', '/rpc/setting'],
      ['request.headers', '{"x-one":"1"}', { headers: { 'x-one': '1', cookie: 'a=b; c = d=e;' } }],
      ['request.cookies', '{"a":"b","c":"d=e"}', { headers: { cookie: 'a=b; c = d=e;' } }],
      ['request.cookies', '{}'],
      ['app.settings.host', 'localhost'],
      ['timezone', 'Asia/Tokyo', { headers: { prefer: 'timezone=Asia/Tokyo' } }],
      ['role', 'service_role'],
      ['request.jwt.claims', '{"sub":"me","role":"service_role"}', { claims: { sub: 'me' } }],
    ] as readonly (readonly [string, string, RestOptions?])[]) {
      it(`${name} to ${value}`, async () => assert.equal(await settingOf(name, options), value));
    }

    it('the schema that was asked for', async () => {
      const { settings } = plan('GET', '/items', { headers: { 'accept-profile': 'other' } });
      assert.equal(JSON.parse(settings ?? '')['search_path'], '"other", "extra", "quo""te"');
    });

    it('what the function wants, and its isolation', async () => {
      const answer = await rest.call('POST', '/rpc/slow');
      assert.equal(answer.body, '3sserializable');
    });

    it('nothing that the host does itself', async () => {
      const { settings } = plan('POST', '/rpc/slow');
      assert.deepEqual(
        Object.keys(JSON.parse(settings ?? '')).filter((name) => /isolation|jwt|^role$/.test(name)),
        [],
      );
    });
  });

  describe('says for keys and hooks what a plan does', () => {
    const items = { schema: 'public', name: 'items' };
    const key = { headers: { prefer: 'resolution=merge-duplicates' } };
    for (const [method, target, options, expected] of [
      ['GET', '/items', {}, ['read', 'select', 'items', 'list', undefined]],
      ['POST', '/items', { body: { id: 9 } }, ['write', 'insert', 'items', 'create', undefined]],
      [
        'POST',
        '/items',
        { body: { id: 9 }, ...key },
        ['write', 'insert', 'items', 'create', [{ operation: 'update', table: items, action: 'update' }]],
      ],
      ['PATCH', '/items', { body: { id: 9 } }, ['write', 'update', 'items', 'update', undefined]],
      ['DELETE', '/items', {}, ['write', 'delete', 'items', 'delete', undefined]],
      [
        'PUT',
        '/items?id=eq.9',
        { body: { id: 9 } },
        [
          ...['write', 'insert', 'items', 'replace'],
          [
            { operation: 'update', table: items, action: 'update' },
            { operation: 'insert', table: items, action: 'create' },
          ],
        ],
      ],
      ['GET', '/rpc/setting?name=x', {}, ['read', 'select', 'setting', undefined, undefined]],
      ['POST', '/rpc/refuse_everybody', {}, ['write', 'insert', 'refuse_everybody', undefined, undefined]],
      [
        'GET',
        '/items?select=id,tags(id)',
        {},
        [
          ...['read', 'select', 'items', 'list'],
          ['tags', 'item_tags'].map((name) => ({ operation: 'select', table: { schema: 'public', name } })),
        ],
      ],
    ] as readonly (readonly [string, string, RestOptions, unknown])[]) {
      it(`${method} ${target} ${options.headers?.['prefer'] ?? ''}`, () => {
        const { access, operation, table, action, further } = plan(method, target, options);
        assert.deepEqual([access, operation, table.name, action, further], expected);
      });
    }
  });

  it('gives requests of the same shape the same statement', () => {
    const one = plan('GET', '/items?id=eq.1&select=name');
    const other = plan('GET', '/items?id=eq.2&select=name');
    assert.equal(one.shape, other.shape);
    assert.equal(one.sql, other.sql);
    assert.notEqual(one.shape, plan('GET', '/items?id=gt.1&select=name').shape);
  });

  it('holds a role to its limits', async () => {
    await rest.set({ limits: { anon: { cost: 10, bytes: 20 }, '*': { timeMs: 30 } } });
    assert.deepEqual(plan('GET', '/items', { role: 'anon' }).limits, { cost: 10, bytes: 20 });
    assert.deepEqual(plan('GET', '/items', { role: 'someone' }).limits, { timeMs: 30 });
    assert.equal(plan('GET', '/items', { role: 'constructor' }).limits?.timeMs, 30);
    await rest.set({ limits: {} });
    assert.equal(plan('GET', '/items').limits, undefined);
  });

  it('refuses more rows and levels than a role may have, and says what would fit', async () => {
    await rest.set({ limits: { service_role: { rows: 1, depth: 1 } } });
    for (const [target, status, hint] of [
      ['/items', 400, 'limit=1 fits, or a filter.'],
      ['/items?limit=5', 400, 'limit=1 fits, or a filter.'],
      ['/items?limit=1', 200],
      ['/items?id=eq.1', 200],
      ['/items?select=id,item_tags(tag)&limit=1', 200],
      [
        '/items?select=id,item_tags(tag,tags(id))&limit=1',
        400,
        "Embed no more than 1 levels. depth in the project's setting limits, or in the limits of the key, allows more.",
      ],
    ] as const) {
      const answer = await rest.call('GET', target);
      assert.deepEqual([answer.status, answer.body.hint], [status, hint], target);
      if (status !== 200) assert.equal(answer.code, 'MF426');
    }
    await rest.set({ limits: {} });
  });

  it('refuses more than eight levels when nobody said how deep', async () => {
    const nested = (levels: number): string =>
      levels === 0 ? 'id' : `id,${levels % 2 === 0 ? 'tags' : 'items'}(${nested(levels - 1)})`;
    await rest.set({ limits: dataApiSettingDefinitions.limits.default });
    const within = await rest.call('GET', `/items?limit=1&select=${nested(8)}`);
    assert.equal(within.status, 200, within.text);
    const deep = await rest.call('GET', `/tags?limit=1&select=${nested(9)}`);
    assert.deepEqual([deep.status, deep.code], [400, 'MF426']);
    assert.match(deep.body.hint, /no more than 8 levels.*setting limits/);
    await rest.set({ limits: {} });
  });

  it('keeps to the largest answer and to smaller limits, however often it is asked', async () => {
    await rest.sql('insert into tags select generate_series(1, 3)');
    await rest.set({ dbMaxRows: 2 });
    for (const [limit, rows] of [
      [3, 2],
      [3, 2],
      [3, 2],
      [3, 2],
      [1, 1],
    ] as const) {
      assert.equal((await rest.call('GET', `/tags?limit=${limit}`)).body.length, rows);
    }
    await rest.set({ dbMaxRows: null });
  });

  for (const [method, target, options] of [
    ['GET', '/items?select=id', {}],
    ['GET', '/items', {}],
    ['DELETE', '/items?id=gt.0&select=id', { headers: { prefer: 'return=representation' } }],
  ] as const) {
    it(`adds what a hook demands of every row to ${method} ${target}`, async () => {
      await rest.set({ dbTxEnd: 'rollback' });
      const { body } = await rest.call(method, target, { ...options, filter: 'deleted=is.false' });
      assert.deepEqual(
        body.map(({ id }: { id: number }) => id),
        [1],
      );
    });
  }

  it('calls the function of the project before every request', async () => {
    await rest.set({ dbPreRequest: 'public.refuse_everybody' });
    const refused = await rest.call('GET', '/items');
    await rest.set({ dbPreRequest: null });
    assert.deepEqual([refused.status, refused.body.message], [403, 'not you']);
  });

  describe('at the root', () => {
    it('describes what the role may see', async () => {
      await rest.sql('grant select (id) on items to anon; revoke execute on function setting from public');
      const ofAnon = (await rest.call('GET', '/', { role: 'anon' })).body;
      assert.deepEqual(Object.keys(ofAnon.definitions), ['items']);
      assert.ok('/rpc/slow' in ofAnon.paths && !('/rpc/setting' in ofAnon.paths));
      const { body, headers } = await rest.call('GET', '/');
      assert.deepEqual(Object.keys(body.definitions), ['item_tags', 'items', 'tags']);
      assert.equal(headers['content-profile'], 'public');
      const { properties } = body.definitions['item_tags'];
      assert.match(properties.item.description, /Primary Key\.<pk\/>\n.*<fk table='items' column='id'\/>$/);
      assert.deepEqual([properties.item.type, properties.item.format], ['integer', 'int32']);
      assert.deepEqual(body.definitions.items.properties.deleted, {
        default: false,
        format: 'boolean',
        type: 'boolean',
      });
    });

    it('describes another schema that was asked for', async () => {
      const { body } = await rest.call('GET', '/', { headers: { 'accept-profile': 'other' } });
      assert.deepEqual(Object.keys(body.definitions), ['items']);
    });

    it('describes everything, nothing, or what a function says', async () => {
      await rest.set({ openapiMode: 'ignore-privileges', openapiSecurityActive: true });
      const { body } = await rest.call('GET', '/', { role: 'anon' });
      assert.ok('/rpc/setting' in body.paths);
      assert.deepEqual(body.security, [{ JWT: [] }]);
      await rest.set({ openapiServerProxyUri: 'https://example.com/api' });
      const proxied = (await rest.call('GET', '/')).body;
      assert.deepEqual(
        [proxied.schemes, proxied.host, proxied.basePath],
        [['https'], 'example.com:443', '/api'],
      );
      await rest.set({ dbRootSpec: 'whole' });
      assert.deepEqual((await rest.call('GET', '/')).body, { swagger: 'own' });
      await rest.set({ openapiMode: 'disabled' });
      assert.equal((await rest.call('GET', '/')).code, 'PGRST126');
    });
  });

  describe('before browsers', () => {
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'X-A, X-B',
    };
    const ask = (origin: string) => rest.call('OPTIONS', '/items', { headers: { origin, ...preflight } });

    it('lets pages of any origin read and ask when nobody said otherwise, without credentials', async () => {
      const { headers } = await rest.call('GET', '/items', { headers: { origin: 'https://a.example' } });
      const asked = await ask('https://a.example');
      for (const answer of [headers, asked.headers]) {
        assert.equal(answer['access-control-allow-origin'], '*');
        assert.equal(answer['access-control-allow-credentials'], undefined);
      }
    });

    it('says nothing with an empty list: the daemon does', async () => {
      await rest.set({ serverCorsAllowedOrigins: [] });
      const { headers } = await rest.call('GET', '/items', { headers: { origin: 'https://a.example' } });
      assert.equal(headers['access-control-allow-origin'], undefined);
    });

    it('lets the listed origins read, with credentials', async () => {
      await rest.set({ serverCorsAllowedOrigins: ['https://a.example'] });
      const known = await rest.call('GET', '/items', { headers: { origin: 'https://a.example' } });
      assert.equal(known.headers['access-control-allow-origin'], 'https://a.example');
      assert.equal(known.headers['access-control-allow-credentials'], 'true');
      assert.equal(known.headers['vary'], 'Accept, Prefer, Range, Origin');
      const strange = await ask('https://b.example');
      assert.equal(strange.headers['access-control-allow-origin'], undefined);
      assert.match(strange.headers['vary'] ?? '', /Origin$/);
    });

    it('lets any read, without credentials', async () => {
      await rest.set({ serverCorsAllowedOrigins: ['*'] });
      const { headers } = await rest.call('GET', '/no_table', { headers: { origin: 'https://b.example' } });
      assert.equal(headers['access-control-allow-origin'], '*');
      assert.equal(headers['access-control-allow-credentials'], undefined);
    });

    it('waits for a project that nobody has asked for yet', async () => {
      await rest.set({ serverCorsAllowedOrigins: ['https://a.example'] });
      const catalog = await rest.catalog();
      const state = gateway.init({
        log: { debug() {}, info() {}, warn() {}, error() {} },
        config: {},
        ...signing,
        async activate(project) {
          if (project === 'gone') throw new Error('there is no such project');
          gateway.applyDelta(state, { project, catalog });
        },
      });
      const headers = { origin: 'https://a.example', ...preflight };
      const asleep = { ...rest.request('OPTIONS', '/items', { headers }), project: 'asleep' };
      const answer = await gateway.preflight?.(state, asleep);
      assert.equal(answer?.headers?.['Access-Control-Allow-Origin'], 'https://a.example');
      assert.equal(await gateway.preflight?.(state, { ...asleep, project: 'gone' }), undefined);
    });
  });
});

describe('names that the gateway does not know yet', function () {
  this.timeout(20_000);
  let rest: Rest;
  before(async () => {
    rest = await openRest('create table items (id int primary key)');
  });
  after(() => rest.close());

  it('are asked for once, and refused when there is no news', async () => {
    const asked: string[] = [];
    const state = gateway.init({
      log: { debug() {}, info() {}, warn() {}, error() {} },
      config: {},
      ...signing,
      activate: async (project) => {
        asked.push(project);
      },
    });
    gateway.applyDelta(state, { project: 'main', catalog: await rest.catalog() });
    const request = { ...rest.request('GET', '/no_table'), project: 'main' } satisfies GatewayRequest;
    const answers = await Promise.all([1, 2, 3].map(() => gateway.plan(state, request)));
    assert.deepEqual(
      answers.map((answer) => 'failed' in answer && answer.failed),
      ['PGRST205', 'PGRST205', 'PGRST205'],
    );
    assert.deepEqual(asked, ['main']);
  });

  it('are planned with when they have come meanwhile', async () => {
    await rest.sql('create table late (id int); grant all on late to service_role');
    const catalog = await rest.catalog();
    const state = gateway.init({
      log: { debug() {}, info() {}, warn() {}, error() {} },
      config: {},
      ...signing,
      activate: async () => gateway.applyDelta(state, { project: 'main', catalog }),
    });
    const request = { ...rest.request('GET', '/late'), project: 'main' };
    const asleep = await gateway.plan(state, request);
    assert.ok('sql' in asleep, 'a project that sleeps is waked');
    const refused = gateway.refuse?.(state, { ...request, headers: {} }, new Error('x') as never);
    assert.notEqual(refused, undefined);
    assert.equal(gateway.refuse?.(state, { ...request, mount: '/api' }, new Error('x') as never), undefined);
  });
});
