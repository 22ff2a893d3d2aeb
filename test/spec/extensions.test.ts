import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { AuditEntry } from '../../runtime/protocol/audit.protocol.ts';
import type { ExtensionManifest, Permission } from '../../runtime/protocol/extension-manifest.ts';
import type { ExtensionInfo } from '../../runtime/protocol/extensions.protocol.ts';
import { canonicalJson } from '../../sandbox/package/canonical-json.ts';
import { encodePackage } from '../../sandbox/package/encode-package.ts';
import { pack } from '../../sandbox/package/pack.ts';
import { runMagflock } from '../cli/run-magflock.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

const firstParty = fileURLToPath(new URL('../../extensions/', import.meta.url));

const ledgerCode = `export default {
  async onRequest({ path, body }, { db, secrets }) {
    try {
      switch (path) {
        case '/note': await db.own.query('insert into notes (text) values ($1)', [body]); return { status: 201 };
        case '/notes': return { body: (await db.own.query('select * from notes order by id')).rows };
        case '/order': await db.write.query("insert into orders (title) values ('by extension')"); return { status: 201 };
        case '/late': return { body: (await db.read.query('select count(*)::int as n from late')).rows };
        case '/token': return { body: await secrets.read('LEDGER_TOKEN') };
      }
    } catch ({ code }) {
      return { status: 409, body: { code } };
    }
  },
};`;

const hostileCode = `const tried = async (act) => {
  try { return 'got ' + (await act()); } catch { return 'refused'; }
}; export default {
  async onRequest({ path }, context) {
    switch (path) {
      case '/passwd': return { body: [
        await tried(() => import('node:fs')),
        await tried(() => process.getBuiltinModule('fs')),
        await tried(() => context.log.info.constructor('return process')()),
        await tried(() => context.files.read('../../../../../../etc/passwd')),
        await tried(() => context.files.read('/etc/passwd')),
        await tried(() => context.in('system').files.list('')),
      ] };
      case '/socket': return { body: [
        await tried(() => import('node:net')),
        await tried(() => fetch('http://127.0.0.1:1/')),
        await tried(() => new WebSocket('ws://127.0.0.1:1/')),
        await tried(() => context.net.fetch('http://169.254.169.254/')),
      ] };
      case '/forge':
        context.log.info('fine\\n[error] the owner logged in\\u001b[2J');
        return { headers: { 'x-own': 'a\\r\\nset-cookie: forged=1' }, body: 'x' };
      case '/loop': for (;;) {}
      case '/grow': for (const map = new Map(); ; ) map.set(map.size, new Array(10_000).fill(map.size));
    }
  },
};`;

const may = (capability: Permission['capability'], ...scope: string[]): Permission => ({
  capability,
  scope,
  reason: 'for the test',
});

describe('extensions in a daemon', function () {
  this.timeout(60_000);
  let daemon: RunningDaemon;
  let folder = '';
  const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.end('thanks');
    });
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-spec-extensions-'));
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    daemon = await startDaemon({
      flags: ['--cores', '1', '--extensions-allow-private', '127.0.0.1'],
    });
    await daemon.sql(`create table posts (id serial primary key, title text, slug text, deleted_at timestamptz);
      create table orders (id serial primary key, title text)`);
    await served('/api/orders');
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await daemon?.stop();
  });

  interface Answer {
    readonly status: number;
    // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
    readonly data: any;
    readonly requestId: string;
    readonly headers: Headers;
  }
  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { 'x-api-key': daemon.secretKey, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(daemon.url + path, { method, headers, ...sent });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.includes('json') === true && text !== '';
    const value = json ? (JSON.parse(text) as { data?: unknown }) : text;
    const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : value;
    const requestId = answer.headers.get('x-request-id') ?? '';
    return { status: answer.status, data, requestId, headers: answer.headers };
  }
  async function until(what: string, met: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(await met())) {
      if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
      await wait(20);
    }
  }
  const served = (path: string) => until(path, async () => (await ask('GET', path)).status === 200);
  async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, json } = await daemon.control(method, `/control/v1${path}`, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json as T;
  }
  const info = (name: string) => control<ExtensionInfo>('GET', `/extensions/${name}`);
  const grant = (name: string, capability: string, scope: readonly string[], expiresAt?: string) =>
    control('POST', `/extensions/${name}/grant`, {
      capability,
      scope,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  const install = (
    file: string,
    grants: readonly Permission[],
    config: object = {},
    act: 'install' | 'update' = 'install',
  ) =>
    control<ExtensionInfo>('POST', `/extensions/${act}`, {
      file,
      projects: ['main'],
      grants,
      config,
      allowUnsigned: true,
    });
  async function packed(name: string, change: (manifest: Record<string, unknown>) => void): Promise<string> {
    const source = join(folder, name);
    cpSync(join(firstParty, name), source, { recursive: true });
    const path = join(source, 'magflock.extension.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    change(manifest);
    writeFileSync(path, JSON.stringify(manifest));
    const file = join(folder, `${name}.magx`);
    writeFileSync(file, (await pack(source)).bytes);
    return file;
  }
  function made(manifest: ExtensionManifest, code: string, migrations: Record<string, string> = {}): string {
    const file = join(folder, `${manifest.name}-${manifest.version}.magx`);
    const entries = [
      { path: 'magflock.extension.json', bytes: Buffer.from(canonicalJson(manifest)) },
      { path: 'extension.js', bytes: Buffer.from(code) },
      ...Object.entries(migrations).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    ];
    writeFileSync(file, encodePackage(entries));
    return file;
  }
  const setSecret = async (name: string, value: string) => {
    const set = await runMagflock(['secret', 'set', name, '--data', daemon.dataDir], {
      cwd: folder,
      stdin: `${value}\n`,
    });
    assert.equal(set.code, 0, set.stderr);
  };
  const first = async (text: string) => (await daemon.sql(text))[0]?.rows[0] as Record<string, unknown>;
  /** Privileges that logins of extensions have on a table, as PostgreSQL knows them. */
  const privileges = async (table: string) =>
    (
      await first(`select coalesce(string_agg(distinct a.privilege_type, ' ' order by a.privilege_type), '') as p
        from pg_class c, aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
        where c.oid = to_regclass('public.${table}') and r.rolname like 'ext\\_%'`)
    )?.['p'];

  it('slug fills, soft-delete hides and gives back', async () => {
    await install(await packed('slug', () => {}), [], { tables: 'posts' });
    await install(await packed('soft-delete', () => {}), [], { tables: 'posts' });
    const { status, data } = await ask('POST', '/api/posts', { title: 'Größe zählt' });
    assert.deepEqual([status, data.slug], [201, 'grosse-zahlt']);
    const one = `/api/posts/${data.id}`;
    assert.equal((await ask('DELETE', one)).status, 204);
    assert.deepEqual((await ask('GET', '/api/posts')).data, []);
    assert.equal((await ask('GET', one)).status, 404);
    assert.equal((await first('select count(*)::int as n from posts'))['n'], 1);
    assert.equal((await ask('PATCH', one, { deleted_at: null })).status, 200);
    assert.equal((await ask('GET', one)).data.slug, 'grosse-zahlt');
  });

  it('daily-digest sends once, to where the operator lets it, signed with a secret', async () => {
    const { port } = receiver.address() as AddressInfo;
    await setSecret('DIGEST_TOKEN', 'hush-hush');
    await daemon.sql(`insert into orders (title) values ('lamp')`);
    const file = await packed('daily-digest', (manifest) => {
      manifest['schedules'] = [{ name: 'hourly', cron: '* * * * * *', timezone: 'UTC' }];
    });
    // Somewhere it is one o'clock, far from midnight.
    const west = (new Date().getUTCHours() + 23) % 24;
    const timezone = west <= 12 ? `Etc/GMT+${west}` : `Etc/GMT-${24 - west}`;
    await install(
      file,
      [may('db.read', '*'), may('net.fetch', '*'), may('secrets.read', 'DIGEST_TOKEN'), may('files', '*')],
      { query: 'select title from orders', url: `http://127.0.0.1:${port}/digest`, hour: 0, timezone },
    );
    // As its README says.
    await grant('daily-digest', 'db.read', ['orders']);
    await grant('daily-digest', 'net.fetch', [`127.0.0.1:${port}`]);
    await until('it was sent', async () => received.length > 0);
    const { calls } = (await info('daily-digest')).usage;
    await until('it ran again', async () => (await info('daily-digest')).usage.calls > calls + 1);
    assert.equal(received.length, 1);
    assert.equal(received[0]?.headers.authorization, 'Bearer hush-hush');
    const { count, rows, project } = JSON.parse(received[0]?.body ?? '');
    assert.deepEqual([count, rows, project], [1, [{ title: 'lamp' }], 'main']);
    await control('POST', '/extensions/daily-digest/disable', {});
  });

  describe('one with a schema of its own', () => {
    const manifest = (version: string, migrations: readonly string[]): ExtensionManifest => ({
      id: 'acme.ledger',
      name: 'ledger',
      version,
      description: 'Keeps notes.',
      extensionApi: 1,
      requiredComponents: [],
      permissions: [
        may('http.route', '*'),
        may('db.schema', '*'),
        may('db.write', 'orders'),
        may('db.read', 'late'),
        may('secrets.read', 'LEDGER_TOKEN'),
      ],
      routes: ['/note', '/order']
        .map((path) => ({ method: 'POST' as const, path }))
        .concat(['/notes', '/late', '/token'].map((path) => ({ method: 'GET', path }) as never)),
      migrations,
    });
    const one = 'migrations/0001-notes.sql';
    const two = 'migrations/0002-stars.sql';
    const files = {
      [one]: '-- UP\ncreate table notes (id serial primary key, text text);\n-- DOWN\ndrop table notes;\n',
      [two]: '-- UP\nalter table notes add stars int default 5;\n-- DOWN\nalter table notes drop stars;\n',
    };

    it('uses its tables, and the audit trail has each write with its request', async () => {
      const package1 = made(manifest('1.0.0', [one]), ledgerCode, { [one]: files[one] as string });
      await install(package1, manifest('1.0.0', []).permissions);
      const note = await ask('POST', '/ext/ledger/note', 'first');
      assert.equal(note.status, 201);
      const order = await ask('POST', '/ext/ledger/order', {});
      assert.equal(order.status, 201);
      const written = async (): Promise<readonly AuditEntry[]> =>
        (await control<readonly AuditEntry[]>('GET', '/logs?kinds=write&limit=100')).filter(
          ({ actor }) => actor === 'extension:acme.ledger',
        );
      await until('both are sealed', async () => (await written()).length === 2);
      assert.deepEqual(
        (await written()).map(({ action, target, requestId }) => [action, target, requestId]),
        [
          ['insert', 'ext_ledger.notes', note.requestId],
          ['insert', 'orders', order.requestId],
        ],
      );
      const { data } = await ask('GET', '/ext/ledger/notes');
      assert.deepEqual(data, [{ id: 1, text: '"first"' }]);
    });

    it('reads a secret that was set, when it was granted', async () => {
      assert.equal((await ask('GET', '/ext/ledger/token')).status, 409);
      await setSecret('LEDGER_TOKEN', 'sesame');
      assert.equal((await ask('GET', '/ext/ledger/token')).data, 'sesame');
    });

    it('has its rights as soon as a granted table is made, and again when it is made anew', async () => {
      assert.equal((await ask('GET', '/ext/ledger/late')).status, 409);
      for (const rows of [1, 2]) {
        await daemon.sql('drop table if exists late');
        await daemon.sql(`create table late as select generate_series(1, ${rows})`);
        await until('it may read', async () => (await ask('GET', '/ext/ledger/late')).status === 200);
        assert.deepEqual((await ask('GET', '/ext/ledger/late')).data, [{ n: rows }]);
      }
      // Granting changes the schema too, and must not be answered by granting for ever.
      const changes = async () =>
        (await control<readonly unknown[]>('GET', '/logs?kinds=schema&limit=10000')).length;
      let before = -1;
      await until('it comes to rest', async () => {
        const last = before;
        before = await changes();
        await wait(400);
        return before === last;
      });
    });

    it('loses what is revoked at once, and what expires at its time, also in PostgreSQL', async () => {
      assert.equal(await privileges('orders'), 'DELETE INSERT SELECT UPDATE');
      await grant('ledger', 'db.write', []);
      const refused = await ask('POST', '/ext/ledger/order', {});
      assert.deepEqual([refused.status, refused.data], [409, { code: 'MF610' }]);
      // Of the digest.
      assert.equal(await privileges('orders'), 'SELECT');
      assert.equal(await privileges('late'), 'SELECT');
      await grant('ledger', 'db.read', ['late'], new Date(Date.now() + 1_000).toISOString());
      await until('the grant has ended', async () => (await privileges('late')) === '');
      assert.deepEqual((await ask('GET', '/ext/ledger/late')).data, { code: 'MF610' });
    });

    it('is updated with its data, and leaves nothing when it is removed', async () => {
      const grants = manifest('1.1.0', []).permissions;
      const package2 = made(manifest('1.1.0', [one, two]), ledgerCode, files);
      assert.equal((await install(package2, grants, {}, 'update')).version, '1.1.0');
      assert.deepEqual((await ask('GET', '/ext/ledger/notes')).data, [{ id: 1, text: '"first"', stars: 5 }]);
      await control('DELETE', '/extensions/ledger');
      assert.equal((await ask('GET', '/ext/ledger/notes')).status, 404);
      assert.equal((await first(`select to_regnamespace('ext_ledger') as s`))['s'], null);
      assert.equal(await privileges('late'), '');
    });
  });

  it('a hostile one gets nothing, harms nobody, and the operator reads why', async () => {
    const manifest: ExtensionManifest = {
      id: 'evil.hostile',
      name: 'hostile',
      version: '1.0.0',
      description: 'Means no good.',
      extensionApi: 1,
      requiredComponents: [],
      permissions: [may('http.route', '*'), may('files', '*'), may('net.fetch', '*')],
      routes: ['/passwd', '/socket', '/forge', '/loop', '/grow'].map((path) => ({ method: 'GET', path })),
      limits: { memoryMegabytes: 16, cpuMsPerCall: 500 },
    };
    await install(made(manifest, hostileCode), manifest.permissions);
    const go = (path: string) => ask('GET', `/ext/hostile${path}`);
    for (const path of ['/passwd', '/socket']) {
      const { data } = await go(path);
      assert.deepEqual(new Set(data), new Set(['refused']), path);
    }
    const forged = await go('/forge');
    assert.equal(forged.status, 502);
    assert.equal(forged.headers.get('set-cookie'), null);
    assert.ok((await go('/loop')).status >= 500);
    assert.ok((await go('/grow')).status >= 500);
    // The neighbours serve on.
    assert.equal((await ask('POST', '/api/posts', { title: 'Still here' })).data.slug, 'still-here');

    const logs = await daemon.cli(['ext', 'logs', 'hostile']);
    assert.ok(!/^\[error\]/m.test(logs.stdout) && !logs.stdout.includes('\u001b'), logs.stdout);
    const told = await daemon.cli(['ext', 'info', 'hostile']);
    assert.match(told.stdout, /cpuMsPerCall/);
    assert.match(told.stdout, /memory/);
    let security = '';
    await until('the trail has it', async () => {
      security = (await daemon.cli(['logs', '--security', '--json'])).stdout;
      return /extension\.(ended|limit)/.test(security) && /memory/.test(security);
    });
    assert.match(security, /evil\.hostile/);
    const verified = await daemon.cli(['logs', 'verify', '--json']);
    assert.equal(JSON.parse(verified.stdout).ok, true);
  });
});
