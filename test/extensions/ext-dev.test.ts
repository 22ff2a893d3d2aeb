import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApprovedPermission } from '../../runtime/cli/extension/approved-permission.ts';
import { DevSession } from '../../runtime/cli/extension/dev-session.ts';
import { devVersion } from '../../runtime/cli/extension/dev-version.ts';
import { NewLogLines } from '../../runtime/cli/extension/new-log-lines.ts';
import { WatchFolders } from '../../runtime/cli/extension/watch-folders.ts';
import type { ExtensionManifest, Permission } from '../../runtime/protocol/extension-manifest.ts';
import { openPackage } from '../../sandbox/package/open-package.ts';

const manifest = {
  id: 'acme.demo',
  name: 'demo',
  version: '1.2.0',
  description: 'For tests.',
  requiredComponents: [],
  permissions: [{ capability: 'cache', scope: ['*'], reason: 'remembers' }] as readonly Permission[],
};
const source = [
  "import { defineExtension } from '@magflock/sdk';",
  "import manifest from './magflock.extension.json' with { type: 'json' };",
  '',
  'export default defineExtension(manifest, {',
  '  onStart() {',
  "    throw new Error('marker');",
  '  },',
  '});',
  '',
].join('\n');

interface Asked {
  readonly path: string;
  readonly body: { readonly file: string; readonly grants?: readonly ApprovedPermission[] };
}

/** What the daemon would say, as far as a working copy needs it. */
class FakeDaemon {
  readonly asked: Asked[] = [];
  logs: { at: string; level: string; text: string }[] = [];
  installed: { version: string; manifest: ExtensionManifest; grants: readonly unknown[] } | undefined;
  code = '';

  async ask<T>(_method: string, path: string, body?: unknown): Promise<T> {
    return this.#answer(path, body as Asked['body']) as T;
  }

  #answer(path: string, body: Asked['body']): unknown {
    if (path === '/extensions') return this.installed === undefined ? [] : [this.#info()];
    if (path.endsWith('/logs?limit=500')) return this.logs;
    const opened = openPackage(readFileSync(body.file));
    if (path === '/extensions/review') {
      const questions = opened.manifest.permissions.map((one) => ({ ...one, sentence: '', risk: 'low' }));
      const had = this.installed?.manifest.permissions.map(({ capability }) => capability) ?? [];
      const added = questions.filter(({ capability }) => !had.includes(capability));
      return { ...opened.manifest, questions, added, findings: [], obstacles: [] };
    }
    this.asked.push({ path, body });
    this.code = Buffer.from(opened.files.get('extension.js') as Uint8Array).toString();
    this.installed = {
      version: opened.manifest.version,
      manifest: opened.manifest,
      grants: body.grants ?? this.installed?.grants ?? [],
    };
    return this.#info();
  }

  #info(): unknown {
    return { id: manifest.id, name: manifest.name, state: 'active', ...this.installed };
  }
}

describe('ext dev', () => {
  let folder = '';
  let daemon: FakeDaemon;
  let session: DevSession;
  let reviewed: string[][];
  const save = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-ext-dev-'));
    save({ 'magflock.extension.json': JSON.stringify(manifest), 'index.ts': source });
    daemon = new FakeDaemon();
    reviewed = [];
    session = new DevSession({
      folder,
      client: daemon,
      project: 'main',
      config: { colour: 'red' },
      approve: async ({ added }) => {
        reviewed.push(added.map(({ capability }) => capability));
        return added.map(({ capability, scope }) => ({ capability, scope }));
      },
    });
  });
  afterEach(() => {
    session.close();
    rmSync(folder, { recursive: true });
  });

  it('installs the folder, then puts each save in its place under a newer version', async () => {
    const first = await session.bring();
    assert.equal(first.version, '1.2.0-dev.1');
    save({ 'index.ts': source.replace('marker', 'another') });
    const second = await session.bring();
    assert.equal(second.version, '1.2.0-dev.2');
    assert.deepEqual(
      daemon.asked.map(({ path }) => path),
      ['/extensions/install', '/extensions/update'],
    );
    assert.match(daemon.code, /another/);
    const { file: _file, ...request } = daemon.asked[0]!.body;
    assert.deepEqual(request, {
      projects: ['main'],
      allowUnsigned: true,
      config: { colour: 'red' },
      grants: [{ capability: 'cache', scope: ['*'] }],
    });
  });

  it('asks once for what is new, and keeps what was granted', async () => {
    await session.bring();
    await session.bring();
    assert.deepEqual(reviewed, [['cache']]);
    assert.equal(daemon.asked[1]?.body.grants, undefined);
    const more = { capability: 'net.fetch', scope: ['api.example.com'], reason: 'asks' };
    save({
      'magflock.extension.json': JSON.stringify({
        ...manifest,
        permissions: [...manifest.permissions, more],
      }),
    });
    await session.bring();
    assert.deepEqual(reviewed, [['cache'], ['net.fetch']]);
    assert.deepEqual(daemon.asked[2]?.body.grants, [
      { capability: 'cache', scope: ['*'] },
      { capability: 'net.fetch', scope: ['api.example.com'] },
    ]);
  });

  it('writes the types of the manifest', async () => {
    await session.bring();
    const types = readFileSync(join(folder, 'magflock.extension.d.json.ts'), 'utf8');
    assert.match(types, /readonly "id": "acme\.demo"/);
  });

  it('says file and line of what does not compile, and sends nothing', async () => {
    save({ 'index.ts': `${source}\nconst = 7;` });
    await assert.rejects(session.bring(), { code: 'MF660', message: /index\.ts:10:7/ });
    assert.deepEqual(daemon.asked, []);
  });

  it('shows new lines of the log once, with places in the author files', async () => {
    await session.bring();
    await session.lookUpSources();
    const line = daemon.code.split('\n').findIndex((text) => text.includes('marker'));
    const column = daemon.code.split('\n')[line]!.indexOf('new Error');
    const at = new Date(Date.now() + 1000).toISOString();
    daemon.logs = [
      { at: '2020-01-01T00:00:00.000Z', level: 'info', text: 'of a former run' },
      { at, level: 'error', text: `Error: marker\n    at onStart (extension.js:${line + 1}:${column + 1})` },
    ];
    const [shown, ...none] = await session.newLogs();
    assert.deepEqual(none, []);
    assert.match(shown?.text ?? '', /at onStart \(index\.ts:6:11\)/);
    assert.deepEqual(await session.newLogs(), []);
    daemon.logs.push({ at, level: 'info', text: 'same time' });
    assert.deepEqual(
      (await session.newLogs()).map(({ text }) => text),
      ['same time'],
    );
  });

  it('knows the files it was made from', async () => {
    mkdirSync(join(folder, 'parts'));
    save({
      'parts/one.ts': 'export const one = 1;',
      'index.ts': `import { one } from './parts/one.ts';\n${source.replace("'marker'", 'String(one)')}`,
    });
    await session.bring();
    await session.lookUpSources();
    assert.ok(session.inputs.includes(join(folder, 'parts', 'one.ts')));
  });

  const versions: [version: string, installed: string | null, next: string][] = [
    ['1.2.0', null, '1.2.0-dev.1'],
    ['1.2.0', '1.2.0-dev.9', '1.2.0-dev.10'],
    ['1.3.0', '1.2.0-dev.9', '1.3.0-dev.1'],
    ['1.3.0', '1.2.0', '1.3.0-dev.1'],
    ['1.2.0-beta.1', '1.2.0-dev.1', '1.2.0-dev.2'],
  ];
  for (const [version, installed, next] of versions) {
    it(`${version} becomes ${next} when ${installed ?? 'nothing'} is installed`, () => {
      assert.equal(devVersion(version, installed), next);
    });
  }

  it('takes lines of one time that came after it had read as new', () => {
    const lines = new NewLogLines('2026-01-01T00:00:00.000Z');
    const at = (second: number, text: string) => ({
      at: `2026-01-01T00:00:0${second}.000Z`,
      level: 'info',
      text,
    });
    const texts = (log: readonly ReturnType<typeof at>[]) => lines.of(log).map(({ text }) => text);
    assert.deepEqual(texts([at(1, 'a'), at(1, 'b')]), ['a', 'b']);
    assert.deepEqual(texts([at(1, 'a'), at(1, 'b'), at(1, 'b'), at(2, 'c')]), ['b', 'c']);
    assert.deepEqual(texts([at(2, 'c')]), []);
    assert.deepEqual(texts([]), []);
    assert.deepEqual(texts([at(3, 'd')]), ['d']);
  });
});

describe('watching an extension', () => {
  let folder = '';
  let watcher: WatchFolders;
  let saves: EventTarget;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-watch-'));
    mkdirSync(join(folder, 'parts'));
    saves = new EventTarget();
    watcher = new WatchFolders(folder, () => saves.dispatchEvent(new Event('saved')));
  });
  afterEach(() => {
    watcher.close();
    rmSync(folder, { recursive: true });
  });

  for (const file of ['index.ts', 'magflock.extension.json', 'parts/one.ts']) {
    it(`sees a save of ${file}`, async () => {
      const saved = once(saves, 'saved');
      writeFileSync(join(folder, file), 'new');
      await saved;
    });
  }

  it('does not see what it makes itself', async () => {
    let count = 0;
    saves.addEventListener('saved', () => {
      count += 1;
    });
    for (const file of ['magflock.extension.d.json.ts', 'demo-1.0.0.magx', '.git', 'index.test.ts']) {
      writeFileSync(join(folder, file), '');
    }
    // The save that counts comes last: events come in order, so nothing else is on its way then.
    const saved = once(saves, 'saved');
    writeFileSync(join(folder, 'index.ts'), '');
    await saved;
    assert.equal(count, 1);
  });
});
