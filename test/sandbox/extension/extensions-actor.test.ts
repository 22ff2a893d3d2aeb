import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../../config/settings.ts';
import type { ExtensionsProtocol, ExtensionsTable } from '../../../runtime/protocol/extensions.protocol.ts';
import { type ActorTestKit, startActor } from '../../../runtime/testing/actor-test-kit.ts';
import type {
  ExtensionsArguments,
  ExtensionsStation,
} from '../../../sandbox/extension/extensions-station.ts';
import { actor } from '../../../sandbox/extensions.actor.ts';
import { canonicalJson } from '../../../sandbox/package/canonical-json.ts';
import { encodePackage } from '../../../sandbox/package/encode-package.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const code = (version: string) => `export default {
  onRequest(request, context) {
    context.log.info('asked');
    if (request.path === '/steal') return context.files.read('x');
    if (request.path === '/fill') return context.files.write('x', 'x'.repeat(3e6)).then(
      () => ({ body: 'written' }),
      ({ code, details }) => ({ body: { code, limit: details.limit, max: details.max } }),
    );
    return { body: { version: '${version}', project: context.project } };
  },
  onBefore() { return { refuse: { status: 403, message: 'not today' } }; },
};`;
const route = { capability: 'http.route', scope: ['*'], reason: 'answers' } as const;

describe('sandbox: the part extensions', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let kit: ActorTestKit<ExtensionsStation, ExtensionsProtocol>;
  const audited: unknown[] = [];
  const parts = {
    audit: { append: (fact: unknown) => ({ id: String(audited.push(fact)) }) },
    storage: {
      listProjects: () => [{ ref: 'main' }, { ref: 'shop' }],
      dropExtensionLogin: () => ({ dropped: false }),
    },
  };

  const boot = (settings: Partial<Settings> = {}) =>
    startActor<ExtensionsStation, ExtensionsProtocol, ExtensionsArguments>(actor, {
      args: { engine: '0.1.0' },
      settings: { dataDir: folder(), ...settings },
      parts,
    });
  const packed = (version: string, more: object = {}): string => {
    const manifest = {
      id: 'acme.hello',
      name: 'hello',
      version,
      description: 'Says hello.',
      requiredComponents: [],
      permissions: [route],
      routes: [{ method: 'GET', path: '/hello' }],
      hooks: [{ when: 'before', tables: ['orders'], operations: ['create'] }],
      ...more,
    };
    const file = join(folder(), `hello-${version}.magx`);
    const entries = [
      { path: 'magflock.extension.json', bytes: Buffer.from(canonicalJson(manifest)) },
      { path: 'extension.js', bytes: Buffer.from(code(version)) },
    ];
    writeFileSync(file, encodePackage(entries));
    return file;
  };
  const request = (path = '/hello') =>
    kit.ask('request', {
      extension: 'acme.hello',
      project: 'main',
      request: JSON.stringify({ project: 'main', path, method: 'GET' }),
      requestId: 'r-1',
    });
  const table = () => kit.published.at(-1) as ExtensionsTable;

  beforeEach(async () => {
    audited.length = 0;
    kit = await boot();
  });
  afterEach(() => kit.stop());

  it('with nothing installed it runs no process, and says so', async () => {
    assert.deepEqual(await kit.ask('list', null), []);
    assert.deepEqual(await kit.ask('cages', null), []);
    const [count, walls] = actor.getCapabilities?.(kit.state) ?? [];
    assert.equal(count, '0 extensions installed');
    assert.match(walls ?? '', /^no cage runs yet, planned walls: permission/);
    assert.equal((await actor.healthCheck?.(kit.state))?.status, 'ok');
    assert.deepEqual(actor.snapshot?.(kit.state), { version: 0, projects: {} });
    await assert.rejects(request(), { code: 'MF665' });
    await assert.rejects(kit.ask('logs', { id: 'hello', limit: 1 }), { code: 'MF665' });
  });

  it('from package to answer: installed, served, updated, disabled, removed, and the CPU threads know', async () => {
    const installation = { projects: ['main'], grants: [route], allowUnsigned: true };
    const info = await kit.ask('install', { file: packed('1.0.0'), ...installation });
    assert.deepEqual([info.state, info.version, info.trust], ['idle', '1.0.0', 'unsigned']);
    assert.deepEqual(table().projects['main'], {
      hooks: [
        {
          extension: 'acme.hello',
          when: 'before',
          tables: ['orders'],
          operations: ['create'],
          timeoutMs: 100,
          onFailure: 'refuse',
        },
      ],
      routes: [{ extension: 'acme.hello', prefix: 'hello', method: 'GET', path: '/hello', public: false }],
    });
    assert.deepEqual(JSON.parse(await request()), { body: { version: '1.0.0', project: 'main' } });
    const hook = {
      extension: 'acme.hello',
      when: 'before',
      project: 'main',
      facts: '{}',
      requestId: 'r-2',
      timeoutMs: 5_000,
    } as const;
    assert.deepEqual(JSON.parse(await kit.ask('hook', hook)), {
      refuse: { status: 403, message: 'not today' },
    });
    assert.match(actor.getCapabilities?.(kit.state)[1] ?? '', /walls: .*permission/);
    await kit.ask('update', { file: packed('1.1.0'), ...installation });
    assert.equal(JSON.parse(await request()).body.version, '1.1.0');
    assert.equal((await kit.ask('logs', { id: 'hello', limit: 5 }))[0]?.text, 'asked');
    const figures = await kit.context.metrics.metrics();
    assert.match(figures, /magflock_extension_calls_total\{extension="hello"\} 3/);
    assert.match(figures, /magflock_extension_cages [12]/);
    const without = await kit.ask('grant', { id: 'hello', capability: 'http.route', scope: [] });
    assert.deepEqual(without.grants, []);
    assert.deepEqual(table().projects['main']?.routes, []);
    await kit.ask('disable', { id: 'hello' });
    assert.deepEqual(table().projects, {});
    await assert.rejects(request(), { code: 'MF665' });
    await kit.ask('enable', { id: 'hello' });
    assert.equal(JSON.parse(await request()).body.version, '1.1.0');
    await kit.ask('remove', { id: 'hello' });
    assert.deepEqual(table().projects, {});
    assert.deepEqual(await kit.ask('list', null), []);
  });

  it('a quarantine outlives the machine, and what is in it keeps its hooks, which then refuse', async () => {
    const files = { capability: 'cache', scope: ['*'], reason: 'x' } as const;
    const installation = { projects: ['main'], grants: [route], allowUnsigned: true };
    await kit.ask('install', {
      file: packed('1.0.0', { permissions: [route, { ...files, optional: true }] }),
      ...installation,
    });
    await kit.ask('quarantine', { id: 'hello', reason: 'the operator is wary' });
    assert.equal((await actor.healthCheck?.(kit.state))?.status, 'degraded');
    const before = kit.published.length;
    await kit.stop();
    // Until it is back, what it published last holds.
    assert.equal(kit.published.length, before);
    kit = await boot();
    const hooks = kit.state.table().projects['main']?.hooks;
    assert.equal(hooks?.[0]?.onFailure, 'refuse');
    await assert.rejects(request(), { code: 'MF663', message: /the operator is wary/ });
    const info = await kit.ask('release', { id: 'hello' });
    assert.deepEqual([info.state, info.reason], ['idle', null]);
    assert.deepEqual(JSON.parse(await request()).body.version, '1.0.0');
  });

  it('with something installed the walls stand when it has booted, before anybody calls', async () => {
    const installation = { projects: ['main'], grants: [route], allowUnsigned: true };
    const files = { capability: 'files', scope: ['*'], reason: 'x' } as const;
    await kit.ask('install', {
      file: packed('1.0.0', { permissions: [route, files] }),
      ...installation,
      grants: [route, files],
    });
    await kit.stop();
    kit = await boot({ 'extensions.maxDiskMegabytes': 2, 'extensions.cageMegabytes': 512 });
    await kit.state.fleet.prepare();
    assert.equal((await kit.ask('cages', null)).length, 1);
    assert.match(actor.getCapabilities?.(kit.state)[1] ?? '', /^1 cages, walls: .*permission/);
    assert.equal((await kit.ask('info', { id: 'hello' })).limits.diskMegabytes, 2);
    // What the operator allows is less than the manifest may ask for.
    assert.deepEqual(JSON.parse(await request('/fill')).body, {
      code: 'MF664',
      limit: 'diskMegabytes',
      max: 2,
    });
  });

  it('a hook whose extension does not start is in the table all the same, and refuses', async () => {
    const installation = { projects: ['main'], grants: [route], allowUnsigned: true };
    await kit.ask('install', { file: packed('1.0.0'), ...installation });
    const [installed] = kit.state.lifecycle.installed();
    await kit.stop();
    // Whoever alters it after its installation does not get it started.
    writeFileSync(join(installed?.folder as string, 'extension.js'), 'export default { onRequest( }');
    kit = await boot();
    assert.equal(kit.state.table().projects['main']?.hooks.length, 1);
    await assert.rejects(request(), (error: { readonly code: string }) => /MF66[03]/.test(error.code));
  });

  it('a cage that is killed is announced and audited, and its only tenant answers again', async () => {
    const installation = { projects: ['main'], grants: [route], allowUnsigned: true };
    await kit.ask('install', { file: packed('1.0.0'), ...installation });
    await request();
    const [cage] = (await kit.ask('cages', null)).filter(({ tenants }) => tenants.length > 0);
    process.kill(cage?.pid as number, 'SIGKILL');
    while (!kit.events.some(({ name }) => name === 'extension.cage.killed')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { payload } = kit.events.find(({ name }) => name === 'extension.cage.killed') ?? {};
    const { pid, reason, blamed } = payload as Readonly<Record<string, unknown>>;
    assert.deepEqual([pid, reason, blamed], [cage?.pid, 'exit', 'acme.hello']);
    assert.equal(JSON.parse(await request()).body.version, '1.0.0');
    const [entry] = audited as { readonly kind: string; readonly action: string; readonly target: string }[];
    assert.deepEqual([entry?.kind, entry?.action, entry?.target], ['threat', 'extension.cage', 'acme.hello']);
    assert.equal((await kit.ask('info', { id: 'hello' })).restarts, 1);
  });
});
