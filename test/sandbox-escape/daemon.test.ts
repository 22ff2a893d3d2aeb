import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { type DaemonBed, daemonBed, may, routes } from './daemon-bed.ts';
import { Neighbour } from './neighbour.ts';

/** Answers each request with what `rows[<first segment>]` gives or throws. */
const serving = (rows: string): string => `
const err = (code, details, message = 'm') => Object.assign(new Error(message), { code, details });
const tell = (f) => Promise.resolve().then(f).then((ok) => ({ ok: ok ?? null }), (e) => ({ code: e.code ?? e.name, message: String(e.message) }));
const rows = { ${rows} };
  export default { onRequest: (r, c) => rows[r.path.slice(1).split('/')[0]](c, typeof r.body === 'string' ? JSON.parse(r.body) : r.body, r) };`;

/** Hostile packages in a real daemon: whom can they make do something for them? */
describe('a hostile package in a daemon', function () {
  this.timeout(60_000);
  let bed: DaemonBed;
  let neighbour: Neighbour;

  before(async () => {
    bed = await daemonBed();
    await bed.daemon.sql(
      `create table note (id int primary key, t text, owner text); create table secret (id int primary key, t text);
       insert into note values (1, 'a', 'x'), (2, 'b', 'y'); insert into secret values (1, 'canary row')`,
    );
    assert.equal((await bed.control('POST', '/projects', { ref: 'other' })).status, 201);
    await bed.install('next', `export default { onRequest: () => ({ body: 'the neighbour' }) }`);
    neighbour = new Neighbour(async () =>
      assert.equal((await bed.request('/ext/next/x')).text, 'the neighbour'),
    );
    await bed.request('/ext/next/x');
  });
  after(async () => {
    process.stdout.write(`    p99 of the neighbour ${neighbour.p99.toFixed(1)} ms\n`);
    await bed[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    await neighbour.answers(3);
    const [rows] = await bed.daemon.sql('select t from secret');
    assert.deepEqual(rows?.rows, [{ t: 'canary row' }]);
  });

  describe('as a route', () => {
    before(() =>
      bed.install(
        'web',
        serving(`
        crlf: () => { throw err('MF105', { allow: ['GET\\r\\nset-cookie: a=b'] }) },
        objects: () => { throw err('MF105', { allow: { toString: 1, valueOf: 1 } }) },
        nested: () => { throw err('MF105', { allow: [{ toString: 1 }] }) },
        retry: () => { throw err('MF302', { retryAfterSeconds: 1e400 }) },
        key: () => { throw err('MF202', { title: 'forged', status: 1, type: 'http://x', requestId: 'x', __proto__: null }) },
        blocked: () => { throw err('MF301', { incident: 'forged', extension: 'magflock' }) },
        machine: () => { throw err('MF699', { stack: 'x' }) },
        quarantine: () => { throw err('MF663', {}) },
        headers: () => ({ headers: { 'Set-Cookie': 'a=b', 'X-Request-Id': 'forged', 'Access-Control-Allow-Origin': '*', 'Content-Security-Policy': 'x', 'X-Content-Type-Options': 'z', 'Server-Timing': 'a', 'Transfer-Encoding': 'chunked', 'Content-Length': '1', Connection: 'x', Trailer: 'x', Date: 'x', Vary: 'x', 'X-Own': 'mine' } }),
        split: () => ({ headers: { 'x-a': 'a\\r\\nset-cookie: b=c' } }),
        proto: () => ({ headers: JSON.parse('{"__proto__":"x","constructor":"y"}'), body: JSON.parse('{"__proto__":{"status":999}}') }),
        surrogates: () => ({ body: '\\ud800'.repeat(2000) }),
        empty: () => ({ status: 304, body: 'x' }),
        early: () => ({ status: 103 }),
        wrong: () => ({ status: 200.5 }),
        html: () => ({ headers: { 'content-type': 'text/html' }, body: '<script>alert(1)</script>' }),
        log: (c) => { c.log.info('\\u001b[31mred\\nforged {"level":60}\\r\\u2028\\u202e\\u009b2J'); return {} },
        seen: (c, body, r) => ({ body: r }),
        big: () => ({ body: 'x'.repeat(3.9e6) }),`),
      ),
    );
    const rows: [path: string, status: number, check: (text: string, headers: Headers) => void][] = [
      ['crlf', 405, (_, headers) => assert.equal(headers.get('set-cookie'), null)],
      ['objects', 405, (_, headers) => assert.equal(headers.get('allow') ?? '', '')],
      ['nested', 405, (_, headers) => assert.equal(headers.get('allow') ?? '', '')],
      ['retry', 403, (_, headers) => assert.match(headers.get('retry-after') ?? '1', /^\d+$/)],
      ['key', 401, (text) => assert.match(text, /"type":"\/errors\/MF202".*"extension":"evil.web"/)],
      ['blocked', 403, (text) => assert.match(text, /"extension":"evil.web"/)],
      ['machine', 502, (text) => assert.match(text, /MF662/)],
      ['quarantine', 502, (text) => assert.match(text, /MF662/)],
      [
        'headers',
        200,
        (_, headers) => {
          assert.equal(headers.get('x-own'), 'mine');
          assert.equal(headers.get('x-content-type-options'), 'nosniff');
          assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
          assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'/);
          for (const name of ['set-cookie', 'access-control-allow-origin', 'trailer', 'vary'])
            assert.equal(headers.get(name), null, name);
        },
      ],
      ['split', 502, (_, headers) => assert.equal(headers.get('set-cookie'), null)],
      ['proto', 200, (text) => assert.equal(text, '{"__proto__":{"status":999}}')],
      ['surrogates', 200, (text) => assert.equal(text, '\ufffd'.repeat(2000))],
      ['empty', 304, (text) => assert.equal(text, '')],
      ['early', 502, () => {}],
      ['wrong', 502, () => {}],
      [
        'html',
        200,
        (_, headers) => assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/),
      ],
    ];
    for (const [path, status, check] of rows) {
      it(`answers ${path}: ${status}`, async () => {
        const { status: given, text, headers } = await bed.request(`/ext/web/${path}`);
        assert.equal(given, status, text);
        check(text, headers);
      });
    }

    it('sees no key, no cookie, and parameters as they are', async () => {
      const { json, text } = await bed.request('/ext/web/seen/a%2F..%2F__proto__?__proto__=1&a=1&a=2', {
        headers: { cookie: 'c=1' },
      });
      assert.equal(text.includes(bed.daemon.secretKey), false);
      assert.equal(json.headers.cookie, undefined);
      assert.deepEqual(json.params, { '*': 'seen/a%2F..%2F__proto__'.replaceAll('%2F', '/') });
    });

    it('forges no line of a log', async () => {
      await bed.request('/ext/web/log');
      const { json } = await bed.control('GET', '/extensions/web/logs');
      const text = json.map((line: { text: string }) => line.text).join('');
      assert.match(text, /red/);
      assert.doesNotMatch(text, /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
      const shown = await bed.daemon.cli(['ext', 'logs', 'web']);
      assert.equal(shown.stdout.trim().split('\n').length, json.length);
    });

    it('does not fill the daemon with long answers', async () => {
      const answers = await Promise.all(Array.from({ length: 16 }, () => bed.request('/ext/web/big')));
      assert.ok(
        answers.every(({ status }) => status === 200 || status === 502 || status === 429 || status === 503),
      );
    });

    it('without a key only when it says so, and a wrong key is told all the same', async () => {
      await bed.install('open', `export default { onRequest: (r) => ({ body: [r.role] }) }`, {
        routes: [
          { method: 'GET', path: '/pub', public: true },
          { method: 'GET', path: '/own' },
        ],
      });
      assert.deepEqual((await bed.request('/ext/open/pub', { key: null })).json, [null]);
      assert.equal((await bed.request('/ext/open/own', { key: null })).status, 401);
      assert.equal((await bed.request('/ext/open/pub', { key: 'ak_sec_x_wrong' })).status, 401);
      assert.equal((await bed.request('/p/other/ext/open/pub', { key: null })).status, 401);
    });
  });

  describe('as a mount', () => {
    it('takes no path of the machine and none of another extension', async () => {
      const paths = [
        '/next',
        '/api',
        '/ext',
        '/ext/next',
        '/p',
        '/p/main',
        '/errors',
        '/livez',
        '/readyz',
        '/mine',
      ];
      await bed.install('mount', `export default { onRequest: (r) => ({ body: 'taken ' + r.path }) }`, {
        ...routes,
        permissions: [...routes.permissions, may('http.mount', ...paths)],
        routes: [...routes.routes, { method: 'GET', path: '/' }],
      });
      assert.equal((await bed.request('/mine/x')).text, 'taken /x');
      for (const path of [
        '/ext/next/x',
        '/api',
        '/p/main/api',
        '/p/main/ext/next/x',
        '/errors/MF404',
        '/livez',
        '/readyz',
        '/api/../api',
        '/',
      ]) {
        assert.doesNotMatch((await bed.request(path)).text, /taken/, path);
      }
      // In a project where it is not, a mount does not hide what is there.
      assert.doesNotMatch((await bed.request('/p/other/mine/x')).text, /taken/);
    });

    const wrong = [
      '*',
      '/',
      '//evil',
      '/a/../b',
      '/%61pi',
      '/a?b',
      '/a b',
      'api',
      '/.well-known',
      '/a\u0000',
    ];
    for (const scope of wrong) {
      it(`is not let in for ${JSON.stringify(scope)}`, async () => {
        const { status } = await bed.install('wrong', 'export default {}', {
          permissions: [...routes.permissions, may('http.mount', scope)],
        });
        assert.ok(status >= 400);
      });
    }
  });

  describe('as a client of the broker', () => {
    before(async () => {
      const { status, text } = await bed.install(
        'deputy',
        serving(`
        read: (c, b) => tell(() => c.db.read.query(b)).then((body) => ({ body })),
        write: (c, b) => tell(() => c.db.write.query(b)).then((body) => ({ body })),
        in: (c, b) => tell(() => c.in(b).cache.get('k')).then((body) => ({ body })),
        emit: (c, b) => tell(() => c.events.emit(b, { id: 'magflock', project: 'other' })).then((body) => ({ body })),
        file: (c, b) => tell(() => c.files.write(b, 'x')).then((body) => ({ body })),
        secret: (c, b) => tell(() => c.secrets.read(b)).then((body) => ({ body })),
        fetch: (c, b) => tell(() => c.net.fetch(b, { timeoutMs: 2000 })).then((body) => ({ body })),
        keep: (c) => tell(() => c.cache.set('k', c.project).then(() => c.cache.get('k'))).then((body) => ({ body })),
        look: (c) => tell(() => c.cache.get('k')).then((body) => ({ body })),`),
        {
          ...routes,
          permissions: [
            ...routes.permissions,
            may('db.read', 'note'),
            may('db.write', 'note(t)'),
            may('cache'),
            may('events.emit', 'order.paid'),
            may('files'),
            may('secrets.read', 'SMTP'),
            may('net.fetch'),
          ],
        },
      );
      assert.equal(status, 201, text);
    });
    const forbidden: Readonly<Record<string, readonly string[]>> = {
      read: [
        'select * from secret',
        'select * from note where t = (select t from secret)',
        `select pg_read_file('/etc/passwd')`,
        `copy note to program 'id'`,
        'set role postgres',
        'select 1; select * from secret',
        `select set_config('role', 'postgres', false)`,
        `select query_to_xml('select * from secret', true, true, '')`,
        `select lo_import('/etc/passwd')`,
        'select pg_advisory_lock(1)',
        'select pg_sleep(60)',
        'select * from pg_shadow',
        'select * from magflock.audit',
        'with x as (delete from note returning *) select * from x',
        `select 'secret'::regclass`,
        'select secret from secret',
        'do $$ begin end $$',
        'listen x',
        'explain analyze select * from secret',
        'select U&"\\0073ecret".* from secret',
      ],
      write: [
        `update note set owner = 'evil'`,
        'insert into secret values (2)',
        `update note set t = 'x' returning (select t from secret)`,
        'create function f() returns int security definer language sql as $$select 1$$',
        'create view v as select * from secret',
        'truncate note',
        'grant all on note to public',
        'insert into note (id, t) select id, t from secret',
        'alter table note disable row level security',
      ],
      in: ['other', 'system', 'main@other', '__proto__', 'main/../other'],
      emit: [
        'threat.detected',
        'auth.key.created',
        'extension.message',
        'order.paid\n',
        'orders.paid',
        'order.*',
        '__proto__',
      ],
      file: [
        '../x',
        '/etc/x',
        'a/../../x',
        'a\u0000b',
        '.',
        '',
        'a\\b',
        'CON',
        '\ud800',
        '\u202etxt',
        'x'.repeat(300),
      ],
      secret: ['smtp', '../SMTP', 'SMTP\u0000', '*', 'other/SMTP', '__proto__', 'jwt'],
      fetch: [
        'http://127.0.0.1/',
        'http://169.254.169.254/latest/meta-data',
        'http://[::ffff:127.0.0.1]/',
        'http://[::1]/',
        'http://0.0.0.0/',
        'http://localhost@127.0.0.1/',
        'http://2130706433/',
        'http://0x7f.1/',
        'http://localhost/',
        'http://10.0.0.1/',
        'file:///etc/passwd',
        'unix:/run/x.sock',
        'http://127.0.0.1.:80/',
      ],
    };
    for (const [what, targets] of Object.entries(forbidden)) {
      it(`${what}: ${targets.length} ways to more than it was granted`, async () => {
        for (const target of targets) {
          const { json, text } = await bed.request(`/ext/deputy/${what}`, { body: target });
          assert.match(String(json?.code), /^(MF\d{3}|TypeError)$/, `${JSON.stringify(target)}: ${text}`);
          assert.doesNotMatch(text, /canary row|root:/);
        }
        const [info] = (await bed.control('GET', '/extensions')).json.filter(
          (one: { name: string }) => one.name === 'deputy',
        );
        assert.equal(info.state, 'active');
      });
    }

    it('what it may do, it can', async () => {
      assert.equal(
        (await bed.request('/ext/deputy/read', { body: 'select count(*) from note' })).json.ok.count,
        1,
      );
      assert.equal((await bed.request('/ext/deputy/emit', { body: 'order.paid' })).json.ok.emitted, true);
    });

    it('keys of a cache are of one project', async () => {
      await bed.install(
        'two',
        serving(
          `keep: (c) => tell(() => c.cache.set('k', c.project).then(() => c.cache.get('k'))).then((body) => ({ body })), look: (c) => tell(() => c.cache.get('k')).then((body) => ({ body })),`,
        ),
        { permissions: [...routes.permissions, may('cache')] },
        { projects: ['main', 'other'] },
      );
      const key = (
        (await bed.control('POST', '/keys?project=other', { role: 'service_role' })).json as { key: string }
      ).key;
      assert.equal((await bed.request('/ext/two/keep')).json.ok, 'main');
      assert.equal((await bed.request('/p/other/ext/two/look', { key })).json.ok, null);
      // Nor those of another extension in the same project.
      assert.equal((await bed.request('/ext/deputy/look')).json.ok, null);
    });
  });

  describe('as a hook', () => {
    before(async () => {
      const { status, text } = await bed.install(
        'hook',
        `const how = {
          remove: { operation: 'delete' }, table: { table: 'secret' }, project: { project: 'other' }, role: { role: 'service_role' },
          fine: { refuse: { status: 200, message: 'x' } }, members: { headers: { a: 1 } }, proto: JSON.parse('{"__proto__":{"refuse":{"status":400,"message":"x"}}}'),
          embed: { query: 'select=*,secret(*)' }, union: { query: "id=eq.1' union select * from secret--" }, number: { body: 5 },
          owner: { body: { id: 7, t: 'x', owner: 'x', nothing: 1 } }, refuse: { refuse: { status: 451, message: '\\u001b[2J\\nforged' } },
        };
        export default {
          onBefore: (f) => { if (f.body?.t === 'blocked') throw Object.assign(new Error('blocked'), { code: 'MF301' }); if (f.body?.t === 'loop') for (;;); return how[f.body?.t]; },
          onAfter: () => ({ headers: { 'X-Request-Id': 'forged', 'x-content-type-options': 'forged', 'X-Own': 'mine' } }),
        };`,
        {
          permissions: [],
          routes: [],
          hooks: [
            { when: 'before', tables: ['note'], operations: ['create'], timeoutMs: 2000 },
            { when: 'after', tables: ['note'], operations: ['list'], timeoutMs: 2000 },
          ],
        },
      );
      assert.equal(status, 201, text);
    });
    const rows: [how: string, status: number][] = [
      ['remove', 405],
      ['table', 502],
      ['project', 502],
      ['role', 502],
      ['fine', 502],
      ['members', 502],
      ['proto', 502],
      ['embed', 400],
      ['union', 403],
      ['number', 422],
      ['owner', 422],
      ['refuse', 451],
      ['blocked', 403],
      ['loop', 503],
    ];
    for (const [how, status] of rows) {
      it(`changes nothing it must not: ${how}`, async () => {
        const count = async (): Promise<unknown> =>
          (await bed.daemon.sql('select count(*) from note'))[0]?.rows;
        const before = await count();
        const { status: given, text } = await bed.request('/api/note', { body: { id: 100, t: how } });
        assert.equal(given, status, text);
        if (how === 'blocked') assert.match(text, /"extension":"evil.hook"/);
        assert.deepEqual(await count(), before);
      });
    }

    it('makes no write of a read', async () => {
      await bed.install('turn', `export default { onBefore: () => ({ operation: 'delete' }) }`, {
        permissions: [],
        routes: [],
        hooks: [{ when: 'before', tables: ['secret'], operations: ['list', 'read'], timeoutMs: 2000 }],
      });
      assert.equal((await bed.request('/api/secret/1')).status, 502);
      assert.equal((await bed.request('/api/secret')).status, 405);
      await bed.control('DELETE', '/extensions/turn');
    });

    it('does not lend a key more than it may', async () => {
      const anon = await bed.daemon.createKey('anon');
      const { status } = await bed.request('/api/note', { body: { id: 101, t: 'owner' }, key: anon });
      assert.ok(status >= 400);
    });

    it('adds no header that the machine answers', async () => {
      const { headers } = await bed.request('/api/note');
      assert.equal(headers.get('x-own'), 'mine');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
    });
  });

  describe('as a package', () => {
    const code = 'export default { onRequest: () => ({ body: 1 }) }';
    const rows: [what: string, manifest: object, more: object][] = [
      ['the name of another', {}, { name: 'next', id: 'thief.next' }],
      ['the same version with other bytes', {}, { name: 'next' }],
      ['an older version', { version: '0.9.0' }, { name: 'next', update: true }],
      ['an id that looks alike', {}, { name: 'n\u0435xt' }],
      ['a name with a path', {}, { name: '../next' }],
      ['a name of the prototype', {}, { name: '__proto__' }],
      [
        'a capability that there is not',
        { permissions: [{ capability: 'sudo', scope: ['*'], reason: 'x' }] },
        { name: 'a' },
      ],
      ['a capability twice', { permissions: [may('cache'), may('cache')] }, { name: 'a' }],
      [
        'a reason that turns the line',
        { permissions: [{ ...may('cache'), reason: 'x\u202ey' }] },
        { name: 'a' },
      ],
      ['a description with an escape', { description: '\u001b[2J' }, { name: 'a' }],
      ['members that there are not', { scripts: { postinstall: 'id' } }, { name: 'a' }],
      ['routes out of its place', { routes: [{ method: 'GET', path: '/../api' }] }, { name: 'a' }],
      ['a schedule each moment', { schedules: [{ name: 'x', cron: '* * * * * * *' }] }, { name: 'a' }],
      ['a schedule that never comes', { schedules: [{ name: 'x', cron: '0 0 31 2 *' }] }, { name: 'a' }],
      [
        'migrations from elsewhere',
        { migrations: ['../x.sql'], permissions: [may('db.schema')], routes: [] },
        { name: 'a' },
      ],
      ['limits without a limit', { limits: { cpuMsPerCall: 1e9 } }, { name: 'a' }],
      ['an import', {}, { name: 'a', code: `import fs from 'node:fs'; export default {}` }],
    ];
    for (const [what, manifest, { name, id, update, code: own }] of rows as [
      string,
      object,
      { name: string; id?: string; update?: boolean; code?: string },
    ][]) {
      it(`${what}: refused, or it does not start`, async () => {
        const { status, text } = await bed.install(name, own ?? code, manifest, {
          ...(id === undefined ? {} : { id }),
          ...(update === undefined ? {} : { update }),
        });
        if (status < 400) {
          assert.match((await bed.request(`/ext/${name}/x`)).text, /MF66\d/, text);
          await bed.control('DELETE', `/extensions/${name}`);
        } else assert.match(text, /MF(1|6|4)\d\d/);
      });
    }

    it('the publisher of the machine is only a name, without a signature', async () => {
      const { text } = await bed.install('core', code, {}, { id: 'magflock.core' });
      assert.match(text, /"trust":"unsigned","signature":"unsigned"/);
      await bed.control('DELETE', '/extensions/core');
    });

    // More of them, without a daemon, in test/sandbox/broker/db-migrations.test.ts.
    const migrations: readonly string[] = [
      'set role owner_main; create table public.stolen as select * from public.secret',
      'create table t as select * from public.secret',
      `create table t (a text); copy t from program 'id'`,
      'create function f() returns trigger language plpgsql as $$ begin return new; end $$; create trigger x before insert on public.note execute function f()',
      'commit; create table public.stolen (a int)',
      'delete from mg_sys.outbox',
    ];
    it(`migrations: ${migrations.length} ways to more than its own schema`, async () => {
      for (const sql of migrations) {
        const { status, text } = await bed.install(
          'mig',
          code,
          {
            permissions: [...routes.permissions, may('db.schema')],
            migrations: ['migrations/0001-a.sql'],
          },
          { files: { 'migrations/0001-a.sql': `-- UP\n${sql};\n-- DOWN\nselect 1;\n` } },
        );
        assert.ok(status >= 400, `${sql}: ${text}`);
      }
      const [left] = await bed.daemon.sql(
        `select schemaname, tablename from pg_tables where tablename = 'stolen' or schemaname = 'ext_mig'`,
      );
      assert.deepEqual(left?.rows, []);
    });

    it('words of a start that fails forge no line for an operator', async () => {
      await bed.install(
        'shown',
        `export default { onStart() { throw new Error('\\u001b[2J\\u202e\\nforged') }, onRequest: () => ({}) }`,
      );
      assert.equal((await bed.request('/ext/shown/x')).json.code, 'MF660');
      for (const args of [
        ['ext', 'info', 'shown'],
        ['ext', 'list'],
        ['ext', 'logs', 'shown'],
      ]) {
        const { stdout } = await bed.daemon.cli(args);
        assert.match(stdout, /forged/);
        assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}|\p{Cf}/u);
        assert.doesNotMatch(stdout, /^forged/m);
      }
      await bed.control('DELETE', '/extensions/shown');
    });

    it('a state for its next version that is a bomb keeps the old one', async () => {
      const handing = (version: string, state: string): string =>
        `export default { onRequest: () => ({ body: '${version}' }), onHandover: () => (${state}), onAdopt: (s) => { if (s.state === 'no') throw new Error('no'); } }`;
      await bed.install('state', handing('1', `'x'.repeat(2e6)`));
      assert.equal((await bed.request('/ext/state/x')).text, '1');
      const bombed = await bed.install('state', handing('2', 'null'), { version: '2.0.0' }, { update: true });
      assert.ok(bombed.status >= 400, bombed.text);
      assert.equal((await bed.request('/ext/state/x')).text, '1');
    });

    it('a storm of schedules and messages leaves the others time', async () => {
      const storm = (name: string): Promise<unknown> =>
        bed.install(
          name,
          `let n = 0; export default { onRequest: () => ({ body: n }), onSchedule: (_, c) => { for (let i = 0; i < 100; i += 1) void c.events.emit('storm.now', { i }).catch(() => {}); }, onEvent: (e, c) => { n += 1; for (let i = 0; i < 3; i += 1) void c.events.emit('storm.now', { i }).catch(() => {}); } }`,
          {
            permissions: [...routes.permissions, may('events.emit', 'storm.now'), may('events.on')],
            events: ['extension.message'],
            schedules: Array.from({ length: 20 }, (_, at) => ({
              name: `s${String.fromCharCode(97 + at)}`,
              cron: '* * * * * *',
            })),
          },
        );
      await Promise.all([storm('storma'), storm('stormb')]);
      await wait(1200);
      await neighbour.answers(20);
      for (const name of ['storma', 'stormb']) await bed.control('DELETE', `/extensions/${name}`);
    });
  });
});
