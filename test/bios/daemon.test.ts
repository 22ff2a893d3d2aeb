import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

const entry = fileURLToPath(new URL('../../runtime/daemon.ts', import.meta.url));

/** Runs a daemon that is expected to end by itself. */
async function refused(
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const child = spawn(process.execPath, [entry, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
    cwd: tmpdir(),
  });
  let stderr = '';
  let stdout = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr, stdout };
}

/** Processes whose command line or working folder names the folder. */
function processesOf(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const state = readFileSync(`/proc/${pid}/stat`, 'utf8').match(/\) (\S)/)?.[1];
        return command.includes(folder) && state !== 'Z';
      } catch {
        return false;
      }
    });
}

// biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
type Json = any;

describe('a daemon', function () {
  this.timeout(120_000);
  let dataDir = '';
  let daemon: RunningDaemon;
  let secret = '';

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'magflock-daemon-'));
    chmodSync(dataDir, 0o711);
    daemon = await startDaemon({ dataDir, flags: ['--cores', '1'] });
    secret = daemon.secretKey;
  });
  after(async () => {
    await daemon?.kill9();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const status = async (): Promise<Json> => (await daemon.control('GET', '/control/v1/status')).json;

  it('announces each part, then the keys without the secret one, then ready', () => {
    const names = daemon.events.map(({ event }) => event);
    assert.equal(names[0], 'begin');
    assert.deepEqual(names.slice(-2), ['keys', 'ready']);
    const parts = daemon.events.filter(({ event }) => event === 'post').map(({ part }) => part);
    for (const part of [
      'node',
      'ports',
      'storage',
      'psu',
      'audit',
      'sentinel',
      'patrol',
      'control',
      'cpu-0',
      'slot 1',
      'slot 2',
      'L1',
      'L2',
    ])
      assert.ok(parts.includes(part), `${part} in ${parts.join(', ')}`);
    assert.doesNotMatch(JSON.stringify(daemon.events), /ak_sec_/);
    const ready = daemon.events.at(-1);
    assert.match(String(ready?.['url']), /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(ready?.['socket'], join(dataDir, 'control.sock'));
  });

  it('has written the first keys for their owner only', () => {
    assert.equal(statSync(join(dataDir, 'first-keys.txt')).mode & 0o777, 0o600);
    assert.match(daemon.secretKey, /^ak_sec_main_/);
    assert.match(daemon.publicKey, /^ak_pub_main_/);
  });

  it('keeps every secret file to its owner', () => {
    for (const name of ['master.key', 'control.token', 'control.sock', 'boot.json', 'lock.db'])
      assert.equal(statSync(join(dataDir, name)).mode & 0o077, 0, name);
    assert.equal(statSync(dataDir).mode & 0o777, 0o711);
  });

  it('answers the API with the secret key and refuses without', async () => {
    const get = (headers: Record<string, string>) => fetch(`${daemon.url}/api`, { headers });
    assert.equal((await get({ 'x-api-key': secret })).status, 200);
    assert.equal((await get({})).status, 401);
  });

  it('is ready and alive on the admin listener, with the metrics of its threads', async () => {
    assert.equal((await fetch(`${daemon.adminUrl}/livez`)).status, 200);
    const ready = await fetch(`${daemon.adminUrl}/readyz?verbose`);
    assert.equal(ready.status, 200, await ready.clone().text());
    const metrics = await (await fetch(`${daemon.adminUrl}/metrics`)).text();
    assert.match(metrics, /magflock_build_info\{[^}]*version="[^"]+"[^}]*\} 1\n/);
    for (const thread of ['main', 'storage', 'cpu-0'])
      assert.match(
        metrics,
        new RegExp(`magflock_thread_event_loop_utilization_ratio\\{thread="${thread}"\\}`),
      );
  });

  it('shows the tree of its parts, and settings with their origin', async () => {
    const { parts, ready, url } = await status();
    assert.equal(ready, true);
    assert.equal(url, daemon.url);
    for (const part of parts) assert.equal(part.state, 'ready', part.name);
    const { json } = await daemon.control('GET', '/control/v1/settings');
    const port = (json as Json[]).find(({ name }) => name === 'port');
    assert.deepEqual(port.origin, { source: 'flag', where: '--port' });
  });

  it('restarts a part, keeps serving, and writes the act into the audit trail', async () => {
    const before = (await status()).parts.find(({ name }: Json) => name === 'psu').incarnation;
    const answer = await daemon.control('POST', '/control/v1/restart', { part: 'psu' });
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    const psu = (await status()).parts.find(({ name }: Json) => name === 'psu');
    assert.equal(psu.incarnation, before + 1);
    assert.equal((await fetch(`${daemon.url}/api`, { headers: { 'x-api-key': secret } })).status, 200);
    const { json } = await daemon.control('GET', '/control/v1/logs?project=system&kinds=admin');
    assert.ok((json as Json[]).some(({ action, target }) => action === 'part.restart' && target === 'psu'));
  });

  it('lets a restarted CPU thread listen again on its port', async () => {
    const answer = await daemon.control('POST', '/control/v1/restart', { part: 'cpu-0' });
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    let last = 0;
    for (let tries = 0; tries < 100 && last !== 200; tries++) {
      last = await fetch(`${daemon.url}/api`, { headers: { 'x-api-key': secret } }).then(
        ({ status }) => status,
        () => 0,
      );
      if (last !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(last, 200);
  });

  it('keeps its admin port when the control part is restarted, and stays ready', async () => {
    await daemon.control('POST', '/control/v1/restart', { part: 'control' }).catch(() => undefined);
    let ready = 0;
    for (let tries = 0; tries < 100 && ready !== 200; tries++) {
      ready = await fetch(`${daemon.adminUrl}/readyz`).then(
        ({ status }) => status,
        () => 0,
      );
      if (ready !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(ready, 200);
    assert.equal((await status()).ready, true);
  });

  it('keeps a second daemon out of its folder, who exits with 2 and names it', async () => {
    const { code, stderr } = await refused(['--data', dataDir, '--port', '0', '--admin-port', '0']);
    assert.equal(code, 2);
    assert.match(stderr, /error\[MF701\]/);
    assert.ok(stderr.includes(`pid ${daemon.pid} at ${daemon.url}`), stderr);
    assert.equal((await fetch(`${daemon.adminUrl}/livez`)).status, 200, 'and is itself untouched');
  });

  it('keeps a second daemon off its port, although CPU threads share theirs', async () => {
    const other = mkdtempSync(join(tmpdir(), 'magflock-daemon-'));
    const port = new URL(daemon.url).port;
    const { code, stderr, stdout } = await refused([
      '--data',
      other,
      '--port',
      port,
      '--admin-port',
      '0',
      '--json',
    ]);
    rmSync(other, { recursive: true, force: true });
    assert.equal(code, 2);
    assert.match(stderr, /error\[MF702\].*in use by .*pid/);
    assert.equal(JSON.parse(stdout.trim().split('\n').at(-1) ?? '').event, 'failed');
  });

  it('is there again after kill -9, with the same keys, quietly', async () => {
    await daemon.kill9();
    daemon = await startDaemon({ dataDir, flags: ['--cores', '1'] });
    const names = daemon.events.map(({ event }) => event);
    assert.ok(!names.includes('keys'), 'keys are shown on the first run only');
    assert.equal((await fetch(`${daemon.url}/api`, { headers: { 'x-api-key': secret } })).status, 200);
  });

  it('refuses another master key than the one its data was made with', async () => {
    const code = await daemon.stop();
    assert.equal(code, 0);
    const MAGFLOCK_MASTER_KEY = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
    const answer = await refused(['--data', dataDir, '--port', '0', '--admin-port', '0'], {
      MAGFLOCK_MASTER_KEY,
    });
    assert.equal(answer.code, 2);
    assert.match(answer.stderr, /error\[MF708\]/);
    assert.ok(!answer.stderr.includes(MAGFLOCK_MASTER_KEY));
  });

  it('has left nothing behind after its stop', () => {
    assert.equal(existsSync(join(dataDir, 'daemon.json')), false);
    for (const name of ['control.sock', 'control.token'])
      assert.equal(existsSync(join(dataDir, name)), false, name);
    assert.deepEqual(processesOf(dataDir), []);
  });

  it('stops at the request of the control socket', async () => {
    daemon = await startDaemon({ dataDir, flags: ['--cores', '1'] });
    const { status: code } = await daemon.control('POST', '/control/v1/stop', { reason: 'test' });
    assert.equal(code, 200);
    // It goes by itself; `stop` would ask it once more. How long it takes is not a test's to say.
    while (daemon.events.at(-1)?.event !== 'stopped') await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(!existsSync(join(dataDir, 'daemon.json')));
    await daemon.stop();
    assert.deepEqual(processesOf(dataDir), []);
  });

  it('waits for a request in flight, and at a second signal no longer: exit code 130, nothing left', async () => {
    await daemon.stop();
    daemon = await startDaemon({ dataDir, flags: ['--cores', '1', '--shutdown-drain-ms', '30000'] });
    const { hostname, port } = new URL(daemon.url);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => {});
    const head = `POST /api/x HTTP/1.1\r\nHost: x\r\nX-API-Key: ${secret}\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{`;
    await new Promise<void>((resolve) => slow.write(head, () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(daemon.pid, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.ok(
      daemon.events.some(({ event }) => event === 'draining'),
      'it waits',
    );
    const began = performance.now();
    assert.equal(await daemon.stop(), 130);
    assert.ok(performance.now() - began < 6000);
    slow.destroy();
    assert.deepEqual(processesOf(dataDir), []);
  });

  it('stops in order when its terminal is closed', async () => {
    await daemon.stop();
    daemon = await startDaemon({ dataDir, flags: ['--cores', '1'] });
    process.kill(daemon.pid, 'SIGHUP');
    for (let tries = 0; tries < 400 && existsSync(join(dataDir, 'daemon.json')); tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await daemon.stop(), 0);
    assert.deepEqual(processesOf(dataDir), []);
  });

  it('that is interrupted while it makes its database leaves nothing running', async () => {
    const other = mkdtempSync(join(tmpdir(), 'magflock-daemon-'));
    chmodSync(other, 0o711);
    const flags = ['--json', '--data', other, '--port', '0', '--admin-port', '0'];
    const child = spawn(process.execPath, [entry, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    while (!existsSync(join(other, 'postgres'))) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    await once(child, 'close');
    assert.deepEqual(processesOf(other), []);
    rmSync(other, { recursive: true, force: true });
  });
});

describe('a daemon that cannot start', function () {
  this.timeout(20_000);

  it('names all wrong settings at once and exits with 2', async () => {
    const { code, stderr } = await refused(['--prot', '1', '--cores', 'x'], { PORT: 'y' });
    assert.equal(code, 2);
    assert.match(stderr, /error\[MF703\]: 3 settings are not right/);
    for (const name of ['--prot', '--cores', 'PORT']) assert.ok(stderr.includes(name), name);
  });

  it('says why the data folder is not usable', async () => {
    const { code, stderr } = await refused(['--data', '/dev/null', '--port', '0', '--admin-port', '0']);
    assert.equal(code, 2);
    assert.match(stderr, /error\[MF705\].*it is a file, not a folder/);
  });
});
