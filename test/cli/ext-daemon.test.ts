import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExtensionInfo } from '../../runtime/protocol/extensions.protocol.ts';
import { publicKey } from '../../sandbox/package/public-key.ts';
import { signPackage } from '../../sandbox/package/sign-package.ts';
import { packageOf, plainManifest } from '../sandbox/package/package-of.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';
import { type CliRun, runMagflock } from './run-magflock.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const ownSchema = { capability: 'db.schema', scope: ['*'], reason: 'It counts.' } as const;

describe('an extension in a daemon, from installation to removal', function () {
  this.timeout(90_000);
  let daemon: RunningDaemon;
  let files: string;

  before(async () => {
    files = mkdtempSync(join(tmpdir(), 'magflock-ext-'));
    daemon = await startDaemon({ flags: ['--cores', '1'] });
  });
  after(async () => {
    rmSync(files, { recursive: true, force: true });
    await daemon?.stop();
    daemon?.remove();
  });

  const magflock = (...args: readonly string[]): Promise<CliRun> =>
    runMagflock([...args, '--data', daemon.dataDir]);
  async function ext<T = ExtensionInfo>(...args: readonly string[]): Promise<T> {
    const run = await magflock('ext', ...args, '--json');
    assert.equal(run.code, 0, run.stderr);
    return JSON.parse(run.stdout) as T;
  }
  const get = (): Promise<Response> =>
    fetch(`${daemon.url}/ext/hello/hello/you`, { headers: { 'x-api-key': daemon.secretKey } });
  const served = async (): Promise<unknown> => (await get()).json();

  function packed(version: string, more: object = {}, sql = ''): string {
    const code = `export default { onRequest: () => ({ body: { version: '${version}' } }) };\n`;
    const own = sql === '' ? {} : { 'migrations/0001-own.sql': sql };
    const opened = packageOf({ 'extension.js': code, ...own }, { ...plainManifest, version, ...more });
    const file = join(files, `hello-${version}.magx`);
    writeFileSync(file, signPackage(opened, privateKey));
    return file;
  }

  it('a publisher nobody trusts is refused, a trusted one installs with the approval of a review', async () => {
    const file = packed('1.0.0');
    const refused = await magflock('ext', 'install', file, '--yes');
    assert.match(refused.stderr, /error\[MF667\][\s\S]*ext trust acme/);
    await ext('trust', 'acme', publicKey.text(privateKey));
    const approval = join(files, 'approve.json');
    writeFileSync(approval, (await magflock('ext', 'review', file, '--json')).stdout);
    const info = await ext('install', file, '--approve', approval);
    assert.deepEqual([info.signature, info.trust, info.projects], ['signed', 'signed', ['main']]);
    assert.deepEqual(await served(), { version: '1.0.0' });
  });

  it('an update under load loses no request', async () => {
    let going = true;
    const seen = new Map<string, number>();
    const client = async (): Promise<void> => {
      while (going) {
        const response = await get();
        const key = `${response.status} ${(await response.text()).slice(0, 60)}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    };
    const clients = [client(), client(), client()];
    const info = await ext('update', packed('1.1.0'));
    await wait(50);
    going = false;
    await Promise.all(clients);
    assert.equal(info.version, '1.1.0');
    assert.deepEqual([...seen.keys()].sort(), ['200 {"version":"1.0.0"}', '200 {"version":"1.1.0"}']);
  });

  it('a version that does not load is rolled back, and the old one goes on', async () => {
    const opened = packageOf(
      { 'extension.js': 'throw new Error("no");' },
      { ...plainManifest, version: '1.2.0' },
    );
    const file = join(files, 'broken.magx');
    writeFileSync(file, signPackage(opened, privateKey));
    const run = await magflock('ext', 'update', file);
    assert.match(run.stderr, /error\[MF66\d\]/);
    assert.deepEqual(await served(), { version: '1.1.0' });
    assert.equal((await ext('info', 'hello')).version, '1.1.0');
  });

  it('one that asks for more waits, is refused, comes again, is accepted, and has its table', async () => {
    const asksMore = {
      permissions: [...plainManifest.permissions, ownSchema],
      migrations: ['migrations/0001-own.sql'],
    };
    const sql = '-- UP\ncreate table counted (n int);\n-- DOWN\ndrop table counted;\n';
    const file = packed('2.0.0', asksMore, sql);
    assert.equal((await ext('update', file)).staged?.version, '2.0.0');
    assert.deepEqual(await served(), { version: '1.1.0' });
    assert.equal((await ext('refuse', 'hello')).staged, null);
    await ext('update', file);
    assert.equal((await ext('accept', 'hello', '--yes')).version, '2.0.0');
    assert.deepEqual(await served(), { version: '2.0.0' });
    assert.equal(await tables('ext_hello'), 'counted,mg_migrations');
  });

  it('the daemon killed: quarantine holds, and what was being installed is not there, not even half', async () => {
    await ext('quarantine', 'hello', '--reason', 'too nosy');
    assert.equal(((await served()) as { code: string }).code, 'MF663');
    const slow = '-- UP\ncreate table half (n int);\nselect pg_sleep(20);\n-- DOWN\ndrop table half;\n';
    const other = {
      id: 'acme.other',
      name: 'other',
      permissions: [...plainManifest.permissions, ownSchema],
      migrations: ['migrations/0001-own.sql'],
    };
    const installing = magflock('ext', 'install', packed('3.0.0', other, slow), '--yes');
    while (!(await tables('ext_other')).includes('mg_migrations')) await wait(20);
    await daemon.kill9();
    assert.notEqual((await installing).code, 0);
    daemon = await startDaemon({ flags: ['--cores', '1'], dataDir: daemon.dataDir });
    const all = await ext<readonly ExtensionInfo[]>('list');
    assert.deepEqual(
      all.map(({ name, state, reason }) => [name, state, reason]),
      [['hello', 'quarantined', 'too nosy']],
    );
    assert.equal(await tables('ext_other'), '');
    assert.equal(((await served()) as { code: string }).code, 'MF663');
    assert.match((await magflock('ext', 'info', 'hello')).stdout, /state +quarantined\nwhy +too nosy/);
    await ext('release', 'hello');
    assert.deepEqual(await served(), { version: '2.0.0' });
  });

  it('removed, nothing of it is left, and the trail has every act', async () => {
    await ext('remove', 'hello', '--yes');
    assert.equal((await get()).status, 404);
    assert.equal(await tables('ext_hello'), '');
    const trail = (await magflock('logs', '--project', 'system', '--json', '--limit', '200')).stdout;
    for (const act of ['install', 'update', 'update.decide', 'quarantine', 'release', 'remove'])
      assert.match(trail, new RegExp(`"action":"extension.${act}"`));
  });

  /** Of a schema, by name. */
  async function tables(schema: string): Promise<string> {
    const [result] = await daemon.sql(
      `select string_agg(tablename, ',' order by tablename) from pg_tables where schemaname = '${schema}'`,
    );
    const { rows } = result as unknown as { rows: readonly unknown[][] };
    return String(Object.values(rows[0] ?? {})[0] ?? '');
  }
});
