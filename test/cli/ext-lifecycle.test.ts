import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { extensionInfo, packageReview } from './ext-examples.ts';
import { type CliRun, runMagflock } from './run-magflock.ts';

interface Asked {
  readonly at: string;
  readonly body: unknown;
}

describe('magflock ext with a daemon', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let server: Server;
  let asked: Asked[];
  let answers: Record<string, unknown>;

  beforeEach(async () => {
    asked = [];
    answers = {
      'POST /extensions/review': packageReview,
      'POST /extensions/install': extensionInfo,
      'POST /extensions/update': extensionInfo,
      'POST /extensions/acme.hello/decide': extensionInfo,
      'POST /extensions/hello/decide': extensionInfo,
      'POST /extensions/hello/grant': extensionInfo,
      'GET /extensions/hello': extensionInfo,
      'GET /extensions': [extensionInfo],
      'DELETE /extensions/acme.hello?keepData=false': { id: 'acme.hello' },
    };
    server = createServer(async (request, response) => {
      const at = `${request.method} ${request.url?.slice('/control/v1'.length)}`;
      const body = await text(request);
      asked.push({ at, body: body === '' ? null : JSON.parse(body) });
      response.statusCode = at in answers ? 200 : 404;
      response.end(JSON.stringify(answers[at] ?? { code: 'MF104', detail: `no ${at}` }));
    });
    mkdirSync(join(folder(), 'data'));
    writeFileSync(join(folder(), 'data', 'control.token'), 'token\n', { mode: 0o600 });
    server.listen(join(folder(), 'data', 'control.sock'));
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const magflock = (...args: readonly string[]): Promise<CliRun> =>
    runMagflock(['ext', ...args, '--data', join(folder(), 'data')], { cwd: folder() });
  const approval = (value: unknown): string => {
    const file = join(folder(), 'approve.json');
    writeFileSync(file, JSON.stringify(value));
    return file;
  };
  const sent = (at: string): unknown => asked.find((one) => one.at === at)?.body;

  it('install without a terminal and without approval installs nothing, and says what to do', async () => {
    const run = await magflock('install', 'hello.magx');
    assert.equal(run.code, 2);
    assert.match(run.stderr, /Read rows of table orders \[medium risk\] – it says: lists them/);
    assert.match(run.stderr, /error\[MF669\][\s\S]*--approve approve\.json/);
    assert.equal(sent('POST /extensions/install'), undefined);
  });

  it('install --approve sends what the file approves, and absolute paths', async () => {
    const file = approval([{ capability: 'db.read', scope: ['orders'] }]);
    const flags = ['--approve', file, '--project', 'shop', '--set', 'column=title,length=3'];
    const run = await magflock('install', 'hello.magx', ...flags);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(sent('POST /extensions/install'), {
      file: join(folder(), 'hello.magx'),
      projects: ['shop'],
      grants: [{ capability: 'db.read', scope: ['orders'] }],
      config: { column: 'title', length: 3 },
    });
    assert.match(
      run.stderr,
      /installed hello 1\.0\.0 in project shop\n {2}GET \/p\/shop\/ext\/hello\/hello\/:who/,
    );
  });

  it('install takes a review as approval, of this package only', async () => {
    const file = approval(packageReview);
    assert.equal((await magflock('install', 'hello.magx', '--approve', file, '--json')).code, 0);
    answers['POST /extensions/review'] = { ...packageReview, sha256: 'b'.repeat(64) };
    const other = await magflock('install', 'hello.magx', '--approve', file);
    assert.match(other.stderr, /error\[MF669\].*another package/);
  });

  for (const [title, change, code] of [
    ['has no signature', { signature: 'unsigned', signedBy: null }, 'MF667'],
    ['was altered', { signature: 'modified' }, 'MF667'],
    ['does not fit', { obstacles: ['It needs MagFlock >=99.'] }, 'MF668'],
  ] as const) {
    it(`install asks nobody when the package ${title}`, async () => {
      answers['POST /extensions/review'] = { ...packageReview, ...change };
      const run = await magflock('install', 'hello.magx', '--yes');
      assert.equal(run.code, 2);
      assert.match(run.stderr, new RegExp(`error\\[${code}\\]`));
      assert.equal(sent('POST /extensions/install'), undefined);
    });
  }

  it('update of what is not installed says how to install it', async () => {
    const run = await magflock('update', 'hello.magx', '--yes');
    assert.match(
      run.stderr,
      /error\[MF665\]: acme\.hello is not installed\n {2}fix +magflock ext install hello\.magx/,
    );
    assert.equal(sent('POST /extensions/update'), undefined);
  });

  it('update that asks for more waits; with --yes it is decided', async () => {
    answers['POST /extensions/review'] = { ...packageReview, installed: '1.0.0' };
    answers['POST /extensions/update'] = {
      ...extensionInfo,
      staged: { version: '2.0.0', permissions: [] },
    };
    const waiting = await magflock('update', 'hello.magx');
    assert.equal(waiting.code, 0, waiting.stderr);
    assert.match(waiting.stderr, /2\.0\.0 asks for more and waits; 1\.0\.0 goes on/);
    assert.deepEqual(sent('POST /extensions/update'), { file: join(folder(), 'hello.magx'), projects: [] });
    assert.equal((await magflock('update', 'hello.magx', '--yes')).code, 0);
    assert.deepEqual(sent('POST /extensions/acme.hello/decide'), {
      accept: true,
      grants: packageReview.added.map(({ capability, scope }) => ({ capability, scope })),
    });
  });

  it('grants: one replaces, one is revoked, columns stay together', async () => {
    const run = await magflock('grants', 'hello', '--grant', 'db.read:orders(id,total),notes', '--json');
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(sent('POST /extensions/hello/grant'), {
      capability: 'db.read',
      scope: ['orders(id,total)', 'notes'],
    });
    asked.length = 0;
    assert.equal((await magflock('grants', 'hello', '--revoke', 'db.read')).code, 0);
    assert.deepEqual(sent('POST /extensions/hello/grant'), { capability: 'db.read', scope: [] });
  });

  it('info explains a quarantine, and no word of a package reaches the terminal as it is', async () => {
    const evil = 'ok\u001b]0;pwned\u0007\u202e\ninstalled by root';
    answers['GET /extensions/hello'] = {
      ...extensionInfo,
      state: 'quarantined',
      reason: `it asked for files, which it does not declare ${evil}`,
      manifest: { ...extensionInfo.manifest, description: evil },
      history: [{ at: '2030-01-01T00:00:00.000Z', what: 'ended', detail: evil }],
    };
    const { stdout, stderr } = await magflock('info', 'hello');
    assert.match(stdout, /why +it asked for files, which it does not declare/);
    assert.match(stdout, /Neither the daemon nor other extensions were touched/);
    assert.match(stdout, /What has happened:\n {2}2030-01-01T00:00:00.000Z {2}ended/);
    assert.doesNotMatch(stdout + stderr, /[\u001b\u0007\u202e]|^installed by root/m);
  });

  it('remove wants a confirmation, and needs --yes without a terminal', async () => {
    assert.match((await magflock('remove', 'hello')).stderr, /error\[MF802\].*cannot be undone/);
    assert.equal((await magflock('remove', 'hello', '--yes')).code, 0);
    assert.ok(asked.some(({ at }) => at.startsWith('DELETE')));
  });

  it('list and top show a table, and JSON for programs', async () => {
    assert.match(
      (await magflock('list')).stdout,
      /^NAME +VERSION +STATE[\s\S]*\nhello +1\.0\.0 +idle +signed/,
    );
    assert.match((await magflock('top')).stdout, /^EXTENSION +STATE[\s\S]*\nhello +idle/);
    const { extensions } = JSON.parse((await magflock('top', '--once', '--json')).stdout);
    assert.equal(extensions[0].usage.calls, 7);
  });
});
